import type { Module } from '../nn/module.js'
import { repr } from '../nn/repr.js'

/** First and last line of a module, from 0. */
export type LineRange = readonly [first: number, last: number]

/** Each module's lines in `String(net)`, by dotted name; the first place for modules printed twice. */
export function printedLines(net: Module): ReadonlyMap<string, LineRange> {
  const lines = new Map<string, LineRange>()
  const visit = (module: Module, path: string, first: number): number => {
    const children = [...module.namedChildren()]
    const lead = children.length > 0 && module.extraRepr('torch') !== '' ? 2 : 1
    let next = first + lead
    for (const [name, child] of children) next = visit(child, path === '' ? name : `${path}.${name}`, next)
    // A layer's text may have several lines; a container ends with its parenthesis.
    const last = children.length > 0 ? next : first + repr(module, 'torch').split('\n').length - 1
    if (!lines.has(path)) lines.set(path, [first, last])
    return last + 1
  }
  visit(net, '', 0)
  return lines
}
