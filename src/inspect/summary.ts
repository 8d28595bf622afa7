// What a network consists of, call by call: shapes, parameters, arithmetic, memory. The numbers behind the table.
import { checkedLater, checkOptions } from '../base/options.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import type { ModuleCall } from '../nn/record-calls.js'
import { innermostCalls, trace } from '../nn/trace.js'
import { itemSize } from '../tensor/dtype.js'
import { sizeOf } from '../tensor/tensor.js'
import { elements, multiplyAdds } from './multiply-adds.js'

/** One call of a module's `forward`. */
export interface SummaryRow {
  /** The dotted name; `''` for the network. */
  readonly path: string
  /** `Conv2d`, `BasicBlock`, … */
  readonly type: string
  /** How deep the module is nested; 0 for the network. */
  readonly depth: number
  readonly outputShape: Shape
  /** Parameters of the module itself, without those of the modules in it; 0 at a second call. */
  readonly parameters: number
  /** Multiply-adds of the module itself, without those of the modules in it. */
  readonly multiplyAdds: number
  /** Bytes of the output; 0 for modules that only pass on what an inner one made. */
  readonly outputBytes: number
}

/** A network in numbers. */
export interface Summary {
  readonly type: string
  readonly inputShape: Shape
  readonly rows: readonly SummaryRow[]
  readonly parameters: number
  readonly trainableParameters: number
  readonly multiplyAdds: number
  readonly inputBytes: number
  /** Bytes of all outputs that rows list: what a forward pass that keeps everything holds. */
  readonly activationBytes: number
  readonly parameterBytes: number
}

/**
 * Counts everything about a network at an input's shape; nothing is computed.
 *
 * @throws ShapeError that names the module when the shape does not fit.
 * @example
 * summarize(resnet50(), { input: [1, 3, 224, 224] }).multiplyAdds // 4089184256
 */
export function summarize(net: Module, options: { readonly input?: Shape } = {}): Summary {
  const { input = [1, 3, 224, 224] } = checkOptions('summarize', options, { input: checkedLater<Shape>() })
  const { graph, calls } = trace(net, input)
  const makers = innermostCalls(calls)
  const own = new Map<ModuleCall | undefined, Value[]>(calls.map(call => [call, []]))
  for (const value of graph.values) own.get(makers.get(value.id))?.push(value)
  const seen = new Set<Module>()
  const rows = calls.map((call): SummaryRow => {
    const values = own.get(call) ?? []
    const isRepeated = seen.has(call.module)
    seen.add(call.module)
    return {
      path: call.path,
      type: call.module.typeName,
      depth: call.path === '' ? 0 : call.path.split('.').length,
      outputShape: call.result.shape,
      parameters: isRepeated ? 0 : ownParameters(call.module),
      multiplyAdds: values.reduce((total, value) => total + multiplyAdds(value), 0),
      outputBytes: values.includes(call.result) ? bytes(call) : 0
    }
  })
  const parameters = [...net.parameters()]
  const count = parameters.reduce((total, { shape }) => total + sizeOf(shape), 0)
  const trainable = parameters.filter(parameter => parameter.requiresGrad)
  return {
    type: net.typeName,
    inputShape: input,
    rows,
    parameters: count,
    trainableParameters: trainable.reduce((total, { shape }) => total + sizeOf(shape), 0),
    multiplyAdds: rows.reduce((total, row) => total + row.multiplyAdds, 0),
    inputBytes: elements(input) * itemSize('float32'),
    activationBytes: rows.reduce((total, row) => total + row.outputBytes, 0),
    parameterBytes: count * itemSize('float32')
  }
}

/** Parameters that are a module's own fields. */
function ownParameters(module: Module): number {
  return [...module.namedParameters()]
    .filter(([name]) => !name.includes('.'))
    .reduce((total, [, { shape }]) => total + sizeOf(shape), 0)
}

function bytes({ result }: ModuleCall): number {
  return elements(result.shape) * itemSize(result.dtype)
}
