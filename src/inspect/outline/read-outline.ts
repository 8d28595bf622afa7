// Reads an outline from JSON that may come from anywhere, such as a frame in which somebody's code has run: what it gives
// can be drawn.
import { aString, checkArguments, finiteNumber, numberFrom, oneOf, wholeNumber } from '../../base/options.js'
import {
  checkedBy,
  dictionary,
  list,
  mismatch,
  optional,
  partOf,
  readJson,
  SchemaError,
  text,
  type Reader
} from '../../base/schema.js'
import { quote } from '../../base/words.js'
import type { Dim } from '../../ir/shape.js'
import type { Latency, NetworkCosts } from '../compare/network-costs.js'
import { NODE_ROLES } from '../diagram/describe.js'
import type { LayerCount, LayerTerm } from '../summary/count-layers.js'
import type { LineRange, NetworkOutline, OutlineDetour, OutlinePart } from './outline.js'

// Far above what the deepest networks have, and little to hold.
const MOST_ITEMS = 20_000
const LONGEST_NAME = 1024
const LONGEST_TEXT = 2 ** 23
const MOST_AXES = 16

const name = text(LONGEST_NAME)
const count = checkedBy(wholeNumber(0))
/** A product of sizes, which may be more than a whole number can be. */
const amount = checkedBy(numberFrom(0))
const dim: Reader<Dim> = (value, path) => (value === 'N' ? value : count(value, path))
const shape = list(dim, 0, MOST_AXES)

const readPart: Reader<OutlinePart> = (value, path) => {
  const part = partFields(value, path)
  checkWays(part, path)
  return part
}
const parts = list(readPart, 0, MOST_ITEMS)

const partFields = partOf<OutlinePart>({
  id: name,
  path: name,
  type: name,
  title: name,
  role: checkedBy(oneOf(...NODE_ROLES)),
  inputShapes: list(shape, 0, MOST_ITEMS),
  outputShape: shape,
  parameters: count,
  multiplyAdds: amount,
  join: optional(checkedBy(oneOf('add', 'mul'))),
  parts,
  detours: list(partOf<OutlineDetour>({ from: optional(name), to: optional(name), parts }), 0, MOST_ITEMS)
})

/** @throws SchemaError for a detour from or to what is not there, or against the direction. */
function checkWays({ parts: column, detours }: OutlinePart, path: string): void {
  const places = new Map(column.map(({ id }, place) => [id, place]))
  const beside = new Set(detours.flatMap(detour => detour.parts.map(({ id }) => id)))
  for (const [number, { from, to }] of detours.entries()) {
    const where = `${path}.detours[${number}]`
    if (column.length === 0) throw new SchemaError(where, 'leads around no part')
    for (const end of [from, to]) {
      if (end === undefined || places.has(end) || beside.has(end)) continue
      throw new SchemaError(where, `leads from or to ${quote(end)}, which is no part beside it`)
    }
    const [first, last] = [from, to].map(end => (end === undefined ? undefined : places.get(end)))
    if (first !== undefined && last !== undefined && first >= last) {
      throw new SchemaError(where, `leads back, from ${quote(from ?? '')} to ${quote(to ?? '')}`)
    }
  }
}

const lineRange: Reader<LineRange> = (value, path) => {
  const [first, last] = list(count, 2)(value, path)
  if (first > last) throw mismatch(path, 'a first and a last line', value)
  return [first, last]
}

const outline = partOf<NetworkOutline>({
  root: readPart,
  text: text(LONGEST_TEXT),
  lines: dictionary(lineRange, MOST_ITEMS),
  layers: partOf<LayerCount>({
    total: count,
    terms: list(
      partOf<LayerTerm>({ name, count, written: name, layers: list(name, 0, MOST_ITEMS) }),
      0,
      MOST_ITEMS
    ),
    sums: list(text(LONGEST_TEXT), 0, MOST_AXES)
  }),
  costs: partOf<NetworkCosts>({
    name,
    inputShape: shape,
    parameters: count,
    multiplyAdds: amount,
    parameterBytes: amount,
    activationBytes: amount,
    layers: count,
    latency: optional(
      partOf<Latency>({
        median: checkedBy(finiteNumber),
        lower: checkedBy(finiteNumber),
        upper: checkedBy(finiteNumber),
        runs: count
      })
    )
  })
})

/**
 * Reads an outline that was written as JSON, whoever wrote it: the parts are consistent, and names and numbers bounded.
 *
 * @throws SchemaError naming what is wrong and where.
 * @example
 * readOutline(JSON.stringify(outlineNetwork(resnet18()))).layers.total // 18
 */
export function readOutline(json: string): NetworkOutline {
  checkArguments('readOutline', { json }, { json: aString })
  const read = readJson(json, 'outline', outline)
  if (read.root.parts.length === 0) throw mismatch('outline.root.parts', 'at least one part', read.root.parts)
  checkNames(read.root, new Set())
  return read
}

/** @throws SchemaError when two parts have the same name, by which they are told apart. */
function checkNames(part: OutlinePart, seen: Set<string>): void {
  for (const inner of [...part.parts, ...part.detours.flatMap(detour => detour.parts)]) {
    if (seen.has(inner.id)) throw new SchemaError('outline.root', `has two parts ${quote(inner.id)}`)
    seen.add(inner.id)
    checkNames(inner, seen)
  }
}
