// Shapes, parameters, multiply-adds and memory of every module call.
import { checkedLater, checkOptions } from '../base/options.js'
import type { Value } from '../ir/ops.js'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import { innermostCalls, trace, type ModuleCall } from '../nn/trace.js'
import { itemSize } from '../tensor/dtype.js'
import { sizeOf } from '../tensor/tensor.js'
import { elements, multiplyAdds } from './multiply-adds.js'

/** One call of a module's `forward`. */
export interface SummaryRow {
  /** The dotted name; `''` for the network. */
  readonly path: string
  /** `Conv2d`, `BasicBlock`, … */
  readonly type: string
  /** Nesting depth; 0 for the network. */
  readonly depth: number
  readonly outputShape: Shape
  /** The module's own parameters, without submodules; 0 for further calls. */
  readonly parameters: number
  /** The module's own multiply-adds, without submodules. */
  readonly multiplyAdds: number
  /** Bytes of the output; 0 for modules that return an inner module's output. */
  readonly outputBytes: number
}

/** The rows and totals of a network. */
export interface Summary {
  readonly type: string
  readonly inputShape: Shape
  readonly rows: readonly SummaryRow[]
  readonly parameters: number
  readonly trainableParameters: number
  readonly multiplyAdds: number
  readonly inputBytes: number
  /** Bytes of all listed outputs: the memory of a forward pass that keeps all activations. */
  readonly activationBytes: number
  readonly parameterBytes: number
}

/**
 * Counts shapes, parameters, multiply-adds and memory without running the network.
 *
 * @throws ShapeError naming the module when the shape does not fit.
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

/** A module's own parameters. */
function ownParameters(module: Module): number {
  return [...module.namedParameters()]
    .filter(([name]) => !name.includes('.'))
    .reduce((total, [, { shape }]) => total + sizeOf(shape), 0)
}

function bytes({ result }: ModuleCall): number {
  return elements(result.shape) * itemSize(result.dtype)
}
