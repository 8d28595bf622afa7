// How long F(x) is beside x in every residual block, on images that stay the same while the weights change: the forward
// pass of a training step, with norms for outputs.
import { loadOnState } from '../../compile/load-program.js'
import * as F from '../../ir/functional/index.js'
import { collectGraph, type Graph } from '../../ir/graph.js'
import type { Value } from '../../ir/ops.js'
import { sameShape } from '../../ir/shape.js'
import type { Module } from '../../nn/module.js'
import { namedHolders } from '../../nn/named-holders.js'
import { INPUT_NAME, OUTPUT_NAME, traceTraining } from '../../nn/trace.js'
import type { Engine, StateSlot } from '../../runtime/engine.js'
import { deriveSeed } from '../../tensor/random/derive-seed.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'
import { noiseTensors } from '../../train/step.js'
import { slotsRead, withInputNames } from '../../train/state-slots.js'
import { findResidualSums, type ResidualSum } from './flow-graph.js'

/** How long F(x) and x are in one residual block: means over images of the norms of single ones. */
export interface BranchNorms {
  /** `‖F(x)‖₂`. */
  readonly branch: number
  /** `‖x‖₂`, of what is added to F(x): x itself, or what carries it where F changes the shape. */
  readonly shortcut: number
  /** `‖F(x)‖₂ / ‖x‖₂`, over the images whose x is not zero; null where it is zero for all. */
  readonly ratio: number | null
}

const BRANCHES = 'branches'
const SHORTCUTS = 'shortcuts'

/** The norms as a graph, and what its inputs mean. */
export interface ProbeGraph {
  readonly graph: Graph
  readonly state: readonly StateSlot[]
  /** Inputs to be fed with numbers uniform in [0, 1). */
  readonly noise: readonly Value[]
  /** The names of the blocks, from the first to the last. */
  readonly blocks: readonly string[]
}

/**
 * A network as a graph of what it computes in the modes its modules are in, for one batch.
 * @param shape of the batch, all numbers.
 * @throws ShapeError when the batch does not fit the network, naming the module.
 */
export function forwardGraph(
  net: Module,
  shape: readonly number[]
): { readonly graph: Graph; readonly noise: readonly Value[] } {
  const { input, output, effects, nameOf } = traceTraining(net, shape)
  const { noise } = effects
  return { graph: collectGraph([input, ...noise], [{ name: OUTPUT_NAME, value: output }], nameOf), noise }
}

/** Writes the norms of every block as a graph: `branches` and `shortcuts`, each a row an image. Shape: (N, blocks). */
export function probeGraph(net: Module, shape: readonly number[]): ProbeGraph {
  const { graph: forward, noise } = forwardGraph(net, shape)
  const sums = findResidualSums(forward)
  const norms = (of: (sum: ResidualSum) => Value): Value =>
    F.cat(
      sums.map(each => normOfEach(stretched(of(each), each.sum))),
      1
    )
  const outputs =
    sums.length === 0
      ? []
      : [
          { name: BRANCHES, value: norms(({ body }) => body) },
          { name: SHORTCUTS, value: norms(({ shortcut }) => shortcut) }
        ]
  const nameOf = (value: Value): string | undefined => forward.names.get(value)
  const graph = collectGraph(forward.inputs, outputs, withInputNames(nameOf))
  return { graph, state: slotsRead(graph, net), noise, blocks: sums.map(({ name }) => name) }
}

/** As it is added: a branch of one number a channel counts once for every pixel. */
function stretched(branch: Value, { shape }: Value): Value {
  return sameShape(branch.shape, shape) ? branch : F.expand(branch, shape)
}

/** Shape: (N, …) → (N, 1). */
function normOfEach(value: Value): Value {
  const [images, ...rest] = value.shape
  const axes = rest.map((_, i) => i + 1)
  return F.reshape(F.sqrt(F.sum(F.mul(value, value), axes)), [images, 1])
}

/** Measures a network on the same images again and again. */
export interface FlowProbe extends AsyncDisposable {
  /** The names of the blocks, from the first to the last. */
  readonly blocks: readonly string[]
  /** Each block's norms with the weights that the network has now. */
  measure(): Promise<readonly BranchNorms[]>
}

/**
 * Makes a network ready to be measured, in the modes its modules are in now.
 * @param images the batch. Shape: (N, C, H, W).
 * @param seed of the random numbers of layers such as dropout: the same ones at each measurement.
 * @throws ShapeError when the batch does not fit the network, naming the module.
 */
export async function openProbe(
  net: Module,
  images: Tensor,
  { engine, seed }: { readonly engine: Engine; readonly seed: number }
): Promise<FlowProbe> {
  const { graph, state: slots, noise, blocks } = probeGraph(net, images.shape)
  // Without blocks there is nothing to run.
  if (blocks.length === 0) {
    return { blocks, measure: async () => [], [Symbol.asyncDispose]: async () => {} }
  }
  const kept = new Set(slots.map(({ name }) => name))
  const weights = (): StateDict =>
    new Map(namedHolders(net).flatMap(([name, { data }]) => (kept.has(name) ? [[name, data] as const] : [])))
  const program = await loadOnState(engine, graph, { name: net.typeName, state: slots })
  const state = await engine.createState(weights())
  const inputs = { [INPUT_NAME]: images, ...noiseTensors(noise, i => deriveSeed(seed, i)) }
  return {
    blocks,
    async measure() {
      await state.write(weights())
      const results = await program.run(inputs, { state })
      return blocks.map((_, block) =>
        normsOf(columnOf(results[BRANCHES], block), columnOf(results[SHORTCUTS], block))
      )
    },
    async [Symbol.asyncDispose]() {
      await program.dispose()
      await state.dispose()
    }
  }
}

function columnOf({ data, shape: [rows, columns] }: Tensor, column: number): number[] {
  return Array.from({ length: rows }, (_, row) => Number(data[row * columns + column]))
}

function normsOf(branches: readonly number[], shortcuts: readonly number[]): BranchNorms {
  const ratios = branches.flatMap((branch, i) => (shortcuts[i] > 0 ? [branch / shortcuts[i]] : []))
  return {
    branch: meanOf(branches),
    shortcut: meanOf(shortcuts),
    ratio: ratios.length > 0 ? meanOf(ratios) : null
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
