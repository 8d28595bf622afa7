// Where each module stands in the text that `print(net)` gives.
import type { Module } from '../nn/module.js'
import { repr } from '../nn/repr.js'

/** The first and the last line of a module in the text; the first line of all is 0. */
export type LineRange = readonly [first: number, last: number]

/** The lines of every module by its dotted name; a module that is printed twice has those of the first place. */
export function printedLines(net: Module): ReadonlyMap<string, LineRange> {
  const lines = new Map<string, LineRange>()
  const visit = (module: Module, path: string, first: number): number => {
    const children = [...module.namedChildren()]
    const lead = children.length > 0 && module.extraRepr('torch') !== '' ? 2 : 1
    let next = first + lead
    for (const [name, child] of children) next = visit(child, path === '' ? name : `${path}.${name}`, next)
    // A layer's own text may be of several lines; a container ends with its parenthesis.
    const last = children.length > 0 ? next : first + repr(module, 'torch').split('\n').length - 1
    if (!lines.has(path)) lines.set(path, [first, last])
    return last + 1
  }
  visit(net, '', 0)
  return lines
}
