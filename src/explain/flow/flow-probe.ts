// Measures ‖F(x)‖ against ‖x‖ in every residual block on fixed images, as the forward pass of a training step.
import { loadOnState } from '../../compile/load-on-state.js'
import * as F from '../../ir/functional/index.js'
import { collectGraph } from '../../ir/graph.js'
import type { Value } from '../../ir/ops.js'
import { sameShape } from '../../ir/shape.js'
import { namedHolders, type Module } from '../../nn/module/module.js'
import { INPUT_NAME, OUTPUT_NAME, traceTraining } from '../../nn/trace/trace.js'
import type { Engine } from '../../runtime/engine.js'
import { deriveSeed } from '../../tensor/random/generator.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Tensor } from '../../tensor/tensor.js'
import { findResidualSums } from './flow-graph.js'
import { noiseTensors } from '../../train/step/step.js'
import { slotsRead, withInputNames, type TrainingGraph } from '../../train/step/training-graph.js'

/** Norms of F(x) and x in one residual block, averaged over images. */
export interface BranchNorms {
  /** `‖F(x)‖₂`. */
  readonly branch: number
  /** `‖x‖₂` of the summand beside F(x): x itself, or its projection. */
  readonly shortcut: number
  /** `‖F(x)‖₂ / ‖x‖₂` over images with x ≠ 0; null if there are none. */
  readonly ratio: number | null
}

/**
 * Traces a network in its modules' modes, for one batch.
 * @param shape shape of the batch, all numbers.
 * @throws ShapeError naming the module when the batch does not fit the network.
 */
export function forwardGraph(net: Module, shape: readonly number[]): Pick<TrainingGraph, 'graph' | 'noise'> {
  const { input, output, effects, nameOf } = traceTraining(net, shape)
  const { noise } = effects
  return { graph: collectGraph([input, ...noise], [{ name: OUTPUT_NAME, value: output }], nameOf), noise }
}

/**
 * A graph of every block's norms: `body` and `shortcut`, one row per image. Shape: (N, blocks). `noise` are its
 * inputs for random numbers, uniform in [0, 1).
 */
export function probeGraph(
  net: Module,
  shape: readonly number[]
): Omit<TrainingGraph, 'target' | 'trained'> & Pick<FlowProbe, 'blocks'> {
  const { graph: forward, noise } = forwardGraph(net, shape)
  const sums = findResidualSums(forward)
  const outputs = (['body', 'shortcut'] as const).flatMap(name => {
    const norms = sums.map(each => normOfEach(stretched(each[name], each.sum)))
    return norms.length > 0 ? [{ name, value: F.cat(norms, 1) }] : []
  })
  const nameOf = (value: Value): string | undefined => forward.names.get(value)
  const graph = collectGraph(forward.inputs, outputs, withInputNames(nameOf))
  return { graph, state: slotsRead(graph, net), noise, blocks: sums.map(({ name }) => name) }
}

function stretched(branch: Value, { shape }: Value): Value {
  return sameShape(branch.shape, shape) ? branch : F.expand(branch, shape)
}

/** The L2 norm of each item. Shape: (N, …) → (N, 1). */
function normOfEach(value: Value): Value {
  const [images, ...rest] = value.shape
  const axes = rest.map((_, i) => i + 1)
  return F.reshape(F.sqrt(F.sum(F.mul(value, value), axes)), [images, 1])
}

export interface FlowProbe extends AsyncDisposable {
  readonly blocks: readonly string[]
  measure(): Promise<readonly BranchNorms[]>
}

/**
 * Prepares measurements of a network in its modules' current modes.
 * @param images the batch. Shape: (N, C, H, W).
 * @param seed seed of layers such as dropout, the same at each measurement.
 * @throws ShapeError naming the module when the batch does not fit the network.
 */
export async function openProbe(
  net: Module,
  images: Tensor,
  { engine, seed }: { readonly engine: Engine; readonly seed: number }
): Promise<FlowProbe> {
  const { graph, state: slots, noise, blocks } = probeGraph(net, images.shape)
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
        normsOf(columnOf(results.body, block), columnOf(results.shortcut, block))
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
