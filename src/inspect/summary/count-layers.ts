// Counts the layers in a network's name, such as 18 of ResNet-18: layers with weights on the main path. As in the papers,
// projections and gates on shortcuts (arXiv:1512.03385, table 1) and attention do not count, and a deep stem counts as one, as does
// what stands for one layer of a block.
import { reachedFrom, type Graph } from '../../ir/graph.js'
import { findMainPath } from '../../ir/joins.js'
import type { OpName, StateHolder, Value } from '../../ir/ops.js'
import type { Shape } from '../../ir/shape.js'
import { hasHead } from '../../models/head.js'
import { usualInput } from '../../nn/layers/probe-body.js'
import { anInputShape, checkNetworkCall } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { Parameter } from '../../nn/module/parameter.js'
import { trace } from '../../nn/trace/trace.js'
import { groupBy } from '../group-by.js'

/** A number of layers as a sum. */
export interface LayerCount {
  readonly total: number
  /** The summands, in the network's order. */
  readonly terms: readonly LayerTerm[]
  /** The sum as text, the most explicit form first. */
  readonly sums: readonly string[]
}

/** One summand. */
export interface LayerTerm {
  /** The part: `conv1`, `layer1`, `fc`; or the type of layers without one. */
  readonly name: string
  readonly count: number
  /** The value as text: `1`, or `2·2` for two blocks of two layers. */
  readonly written: string
  /** Dotted names of the counted layers, or of the module whose layers count as one. */
  readonly layers: readonly string[]
}

/** Hints of a network on how to count it; by default each child is a part. */
export interface CountedLayers {
  /** Layers' names at which a module is divided into parts. */
  readonly partStarts?: readonly string[]
  /** The paper's depth formula: `6·3 + 2`. */
  readonly depthFormula?: string
}

/** A hint of a block on how to count it. */
export interface CountedAsOne {
  /** The child whose layers count as one. */
  readonly countsAsOne: string
}

/**
 * Counts the layers with weights (convolutions and linear layers) on a network's main path.
 *
 * @param options the input's shape for tracing; default a usual one.
 * @throws ShapeError naming the module when the shape does not fit.
 */
export function countLayers(net: Module, options: { readonly input?: Shape } = {}): LayerCount {
  const { input = usualInput(net) } = checkNetworkCall('countLayers', net, options, { input: anInputShape })
  const { partStarts = [], depthFormula } = net as CountedLayers
  const terms = partsOf(layersOf(net, trace(net, input).graph), new Set(partStarts)).map(termOf)
  const total = terms.reduce((sum, { count }) => sum + count, 0)
  const sums = [explicitSum(terms), ...shortSum(terms), ...(depthFormula === undefined ? [] : [depthFormula])]
  return { total, terms, sums: sums.map(sum => `${total} = ${sum}`) }
}

/** The ops with weights. */
const KINDS: Partial<Record<OpName, string>> = {
  conv2d: 'convolutions',
  convTranspose2d: 'convolutions',
  linear: 'linear',
  matmul: 'linear'
}

/** The layers on the main path in order, without duplicates; the stem as one. */
function layersOf(net: Module, graph: Graph): Map<string, string> {
  const owners = ownersOf(net)
  const path = findMainPath(graph)
  const ones = unitsOf(net)
  const found = new Map<string, string>()
  for (const value of graph.values) {
    const kind = path.has(value) && value.origin.kind === 'node' ? KINDS[value.origin.op] : undefined
    const weight = kind && weightOf(value)
    const owner = weight && owners.get(weight)
    if (owner === undefined || kind === undefined) continue
    const name = ones.find(unit => isIn(owner, unit)) ?? owner
    if (!found.has(name)) found.set(name, kind)
  }
  return found
}

/** The parts whose layers count as one: the stem, and what blocks say. */
function unitsOf(net: Module): string[] {
  const units = [...net.namedModules()].flatMap(([path, module]) => {
    const { countsAsOne } = module as Partial<CountedAsOne>
    return countsAsOne === undefined ? [] : [path === '' ? countsAsOne : `${path}.${countsAsOne}`]
  })
  return hasHead(net) ? [net.stem, ...units] : units
}

/** The layer of each parameter: its module, or the parameter itself if the module has several matrices. */
function ownersOf(net: Module): Map<StateHolder, string> {
  const owners = new Map<StateHolder, string>()
  for (const [path, module] of net.namedModules()) {
    const weights = module
      .namedFields()
      .filter(([, field]) => field instanceof Parameter && field.shape.length > 1)
    for (const [name, field] of weights) {
      const own = path === '' ? name : `${path}.${name}`
      owners.set(field as Parameter, weights.length > 1 || path === '' ? own : path)
    }
  }
  return owners
}

function weightOf({ inputs }: Value): Parameter | undefined {
  for (const operand of inputs.slice(0, 2).reverse()) {
    const behind = [...reachedFrom([operand])]
    if (behind.some(({ origin }) => origin.kind === 'input')) continue
    for (const { origin } of behind) {
      if (origin.kind === 'state' && origin.holder instanceof Parameter) return origin.holder
    }
  }
  return undefined
}

function isIn(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}.`)
}

interface Part {
  readonly name: string
  readonly layers: string[]
}

/** Groups consecutive layers by child of the network; numbered children by type. */
function partsOf(layers: ReadonlyMap<string, string>, starts: ReadonlySet<string>): Part[] {
  const parts: Part[] = []
  for (const [layer, kind] of layers) {
    const [child, ...inner] = layer.split('.')
    const name = inner.length === 0 && /^\d*$/u.test(child) ? kind : child
    const last = parts.at(-1)
    if (last?.name === name && !starts.has(layer)) last.layers.push(layer)
    else parts.push({ name, layers: [layer] })
  }
  return parts
}

/** Writes a part of equal blocks as a product. */
function termOf({ name, layers }: Part): LayerTerm {
  const blocks = groupBy(layers, layer => {
    const [child, block, ...inner] = layer.split('.')
    // A direct child is not a block.
    return inner.length === 0 ? '' : `${child}.${block}`
  })
  const counts = Array.from(blocks.values(), ({ length }) => length)
  const isProduct = !blocks.has('') && counts.every(count => count === counts[0])
  const written = isProduct ? `${blocks.size}·${counts[0]}` : String(layers.length)
  return { name, count: layers.length, written, layers }
}

/** `1 (conv1) + 2·2 + 2·2 + 2·2 + 2·2 + 1 (fc)`: names all parts that are not stages. */
function explicitSum(terms: readonly LayerTerm[]): string {
  if (terms.length === 0) return '0'
  return terms
    .map(({ name, written }, place) =>
      written.includes('·') || terms.at(place + 1)?.name === name ? written : `${written} (${name})`
    )
    .join(' + ')
}

/** `1 + (2+2+2+2)·2 + 1`, for several stages of equal blocks. */
function shortSum(terms: readonly LayerTerm[]): string[] {
  const stages = terms.filter(({ written }) => written.includes('·'))
  const [perBlock] = stages.map(({ written }) => written.split('·')[1])
  const start = terms.indexOf(stages[0])
  const isOneRun = terms.slice(start, start + stages.length).every(term => stages.includes(term))
  if (stages.length < 2 || !isOneRun || stages.some(({ written }) => !written.endsWith(`·${perBlock}`)))
    return []
  const blocks = stages.map(({ written }) => written.split('·')[0]).join('+')
  const before = terms.slice(0, start).map(({ written }) => written)
  const after = terms.slice(start + stages.length).map(({ written }) => written)
  return [[...before, `(${blocks})·${perBlock}`, ...after].join(' + ')]
}
