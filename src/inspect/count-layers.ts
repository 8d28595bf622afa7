// Why ResNet-18 is called 18: the layers with weights on the way from the image to the classes, added up part by part.
// What stands beside them is not counted, as the papers do not: projections and gates on the shortcuts (arXiv:1512.03385,
// table 1), attention; and several convolutions in the place of the first one (ResNet-D) count as that one.
import { checkedLater, checkOptions } from '../base/options.js'
import type { Graph } from '../ir/graph.js'
import { findMainPath } from '../ir/joins.js'
import { madeBy, type StateHolder, type Value } from '../ir/ops.js'
import { reachedFrom } from '../ir/reach.js'
import type { Shape } from '../ir/shape.js'
import { hasHead } from '../models/head.js'
import { usualInput } from '../nn/layers/probe-body.js'
import type { Module } from '../nn/module.js'
import { Parameter } from '../nn/parameter.js'
import { trace } from '../nn/trace.js'

/** A number of layers, and how it comes about. */
export interface LayerCount {
  readonly total: number
  /** What is added up, in the network's order. */
  readonly terms: readonly LayerTerm[]
  /** Ways to write the sum, the most explicit first. */
  readonly sums: readonly string[]
}

/** What one part of a network adds to the number of its layers. */
export interface LayerTerm {
  /** The part: `conv1`, `layer1`, `fc`; of layers without a part of their own, their kind. */
  readonly name: string
  readonly count: number
  /** How the count comes about: `1`, or `2·2` for two blocks of two layers. */
  readonly written: string
  /** The dotted names of the layers that are counted; of several that count as one, the module that holds them. */
  readonly layers: readonly string[]
}

/** What a network may say of how its layers are counted; of one that does not, each child is a part. */
export interface CountedLayers {
  /** Where a part of the network ends and another of the same name begins, although it is one module: by layers' names. */
  readonly partStarts?: readonly string[]
  /** How the paper writes the depth: `6·3 + 2`. */
  readonly depthFormula?: string
}

/**
 * Counts the layers with weights (convolutions and linear layers) that give a network its name: those on the way that F
 * takes, in anybody's network.
 *
 * @param options the input's shape to trace it with; by default a usual one.
 * @throws ShapeError that names the module when the shape does not fit.
 */
export function countLayers(net: Module, options: { readonly input?: Shape } = {}): LayerCount {
  checkOptions('countLayers', options, { input: checkedLater<Shape>() })
  const { input = usualInput(net) } = options
  const { partStarts = [], depthFormula } = net as CountedLayers
  const terms = partsOf(layersOf(net, trace(net, input).graph), new Set(partStarts)).map(termOf)
  const total = terms.reduce((sum, { count }) => sum + count, 0)
  const sums = [explicitSum(terms), ...shortSum(terms), ...(depthFormula === undefined ? [] : [depthFormula])]
  return { total, terms, sums: sums.map(sum => `${total} = ${sum}`) }
}

/** A layer that counts. */
interface CountedLayer {
  readonly name: string
  readonly kind: 'convolutions' | 'linear'
}

/** The layers on the main path in order, each once; those of the stem as one. */
function layersOf(net: Module, graph: Graph): CountedLayer[] {
  const owners = ownersOf(net)
  const path = findMainPath(graph)
  const stem = hasHead(net) ? net.stem : undefined
  const found = new Map<string, CountedLayer>()
  for (const value of graph.values) {
    const weight = path.has(value) ? weightOf(value) : undefined
    const owner = weight && owners.get(weight)
    if (owner === undefined) continue
    const name = stem !== undefined && isIn(owner, stem) ? stem : owner
    const kind = madeBy(value, 'conv2d') || madeBy(value, 'convTranspose2d') ? 'convolutions' : 'linear'
    if (!found.has(name)) found.set(name, { name, kind })
  }
  return [...found.values()]
}

/** The layer of each parameter: the module it is a field of, or itself where the module has several of two axes or more. */
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

/** The weight that an op multiplies its input with, if it is such an op. */
function weightOf(value: Value): Parameter | undefined {
  const node =
    madeBy(value, 'conv2d') ??
    madeBy(value, 'convTranspose2d') ??
    madeBy(value, 'linear') ??
    madeBy(value, 'matmul')
  if (!node) return undefined
  for (const operand of node.inputs.slice(0, 2).reverse()) {
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
  readonly layers: CountedLayer[]
}

/** Layers one after the other in the same child of the network; layers that are numbered children stand together by kind. */
function partsOf(layers: readonly CountedLayer[], starts: ReadonlySet<string>): Part[] {
  const parts: Part[] = []
  for (const layer of layers) {
    const [child, ...inner] = layer.name.split('.')
    const name = inner.length === 0 && /^\d*$/u.test(child) ? layer.kind : child
    const last = parts.at(-1)
    if (last?.name === name && !starts.has(layer.name)) last.layers.push(layer)
    else parts.push({ name, layers: [layer] })
  }
  return parts
}

/** A part that consists of blocks with as many layers each is written as their product. */
function termOf({ name, layers }: Part): LayerTerm {
  const names = layers.map(layer => layer.name)
  const blocks = new Map<string, number>()
  for (const each of names) {
    const [child, block, ...inner] = each.split('.')
    // A layer that is itself a child of the part is no block.
    const key = inner.length === 0 ? '' : `${child}.${block}`
    blocks.set(key, (blocks.get(key) ?? 0) + 1)
  }
  const [first] = blocks.values()
  const isProduct = !blocks.has('') && [...blocks.values()].every(count => count === first)
  const written = isProduct ? `${blocks.size}·${first}` : String(names.length)
  return { name, count: names.length, written, layers: names }
}

/** `1 (conv1) + 2·2 + 2·2 + 2·2 + 2·2 + 1 (fc)`: what is no stage of blocks is named where it ends. */
function explicitSum(terms: readonly LayerTerm[]): string {
  if (terms.length === 0) return '0'
  return terms
    .map(({ name, written }, place) =>
      written.includes('·') || terms.at(place + 1)?.name === name ? written : `${written} (${name})`
    )
    .join(' + ')
}

/** `1 + (2+2+2+2)·2 + 1`, where there are several stages of blocks with as many layers. */
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
