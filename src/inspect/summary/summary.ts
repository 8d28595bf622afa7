// Shapes, parameters, multiply-adds and memory of every module call.
import { usualImage } from '../../nn/layers/probe-body.js'
import { formatCount } from '../../base/figures.js'
import { checkArguments, checkOptions, positiveInteger, type OptionsOf } from '../../base/options.js'
import type { Shape } from '../../ir/shape.js'
import { anInputShape, checkNetworkCall, returnedBy } from '../../nn/module/check-network.js'
import { namedMembers, type Module } from '../../nn/module/module.js'
import { Parameter } from '../../nn/module/parameter.js'
import { innermostCalls, trace } from '../../nn/trace/trace.js'
import { itemSize } from '../../tensor/dtype.js'
import { formatShape, sizeOf } from '../../tensor/tensor.js'
import { groupBy } from '../group-by.js'
import { elements, multiplyAdds } from './multiply-adds.js'
import { ruledTable } from './ruled-table.js'

/** One call of a module's `forward`. */
export interface SummaryRow {
  /** The module's dotted name; `''` for the network. */
  readonly path: string
  /** The name of its result: the path, and `layer1.0.relu_1` for a second call. */
  readonly name: string
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
 * @param options the input's shape, alone or as `input`; default [1, 3, 224, 224], or
 * [1, 3, 32, 32] for the networks for CIFAR.
 * @throws ShapeError naming the module when the shape does not fit.
 * @example
 * summarize(resnet50(), [1, 3, 224, 224]).multiplyAdds // 4089184256
 */
export function summarize(net: Module, options: { readonly input?: Shape } | Shape = {}): Summary {
  if (isShape(options)) return summarize(net, { input: options })
  const { input = usualImage(net) } = checkNetworkCall('summarize', net, options, { input: anInputShape })
  const { graph, calls } = trace(net, input)
  const makers = innermostCalls(calls)
  const own = groupBy(graph.values, ({ id }) => makers.get(id))
  const seen = new Set<Module>()
  const rows = calls.map((call): SummaryRow => {
    const values = own.get(call) ?? []
    const { shape, dtype } = call.result
    const isRepeated = seen.has(call.module)
    seen.add(call.module)
    return {
      path: call.path,
      name: call.name,
      type: call.module.typeName,
      depth: call.path === '' ? 0 : call.path.split('.').length,
      outputShape: shape,
      parameters: isRepeated ? 0 : ownParameters(call.module),
      multiplyAdds: values.reduce((total, value) => total + multiplyAdds(value), 0),
      outputBytes: values.includes(call.result) ? elements(shape) * itemSize(dtype) : 0
    }
  })
  const parameters = Array.from(namedMembers(net, Parameter), ([, parameter]) => parameter)
  const count = sizeOfAll(parameters)
  return {
    type: net.typeName,
    inputShape: input,
    rows,
    parameters: count,
    trainableParameters: sizeOfAll(parameters.filter(({ requiresGrad }) => requiresGrad)),
    multiplyAdds: rows.reduce((total, row) => total + row.multiplyAdds, 0),
    inputBytes: elements(input) * itemSize('float32'),
    activationBytes: rows.reduce((total, row) => total + row.outputBytes, 0),
    parameterBytes: count * itemSize('float32')
  }
}

function isShape(options: { readonly input?: Shape } | Shape): options is Shape {
  return Array.isArray(options)
}

function ownParameters(module: Module): number {
  const fields = module.namedFields().map(([, field]) => field)
  return sizeOfAll([...new Set(fields.filter(field => field instanceof Parameter))])
}

function sizeOfAll(parameters: readonly Parameter[]): number {
  return parameters.reduce((total, { shape }) => total + sizeOf(shape), 0)
}

const HEAD = ['Layer (type: name)', 'Output shape', 'Parameters', 'Multiply-adds', 'Memory (MB)']
/** Of a table that is narrower than this, the heads are short. */
const ROOMY = 90
const SHORT_HEAD = ['Layer', 'Output shape', 'Params', 'MACs', 'MB']

const FORMAT_OPTIONS = {
  /** The columns of the terminal, to which the table is fitted; default without limit. */
  width: positiveInteger
}

/** Options of `formatSummary`. */
export interface FormatSummaryOptions extends OptionsOf<typeof FORMAT_OPTIONS> {}

/** A table with one line per call, and totals. */
export function formatSummary(summary: Summary, options: FormatSummaryOptions = {}): string {
  const { width = Infinity } = checkOptions('formatSummary', options, FORMAT_OPTIONS)
  checkArguments('formatSummary', { summary }, { summary: returnedBy<Summary>('summarize', 'rows') })
  const { rows, parameters, trainableParameters, multiplyAdds } = summary
  const { inputBytes, activationBytes, parameterBytes } = summary
  const table = ruledTable([width < ROOMY ? SHORT_HEAD : HEAD, ...rows.map(rowCells)], { left: 2, width })
  return [
    ...table,
    `Parameters: ${formatCount(parameters)}`,
    `Trainable parameters: ${formatCount(trainableParameters)}`,
    `Multiply-adds: ${formatCount(multiplyAdds)} (${(multiplyAdds / 1e9).toFixed(3)} G)`,
    `Input (MB): ${megabytes(inputBytes)}`,
    `Layer outputs (MB): ${megabytes(activationBytes)}`,
    `Parameters (MB): ${megabytes(parameterBytes)}`,
    `Total (MB): ${megabytes(inputBytes + activationBytes + parameterBytes)}`,
    table[0]
  ].join('\n')
}

function rowCells({ depth, type, outputShape, ...figures }: SummaryRow): string[] {
  const name = figures.name.split('.').at(-1) ?? ''
  const [parameters, multiplyAdds] = [figures.parameters, figures.multiplyAdds].map(count =>
    count === 0 ? '--' : formatCount(count)
  )
  return [
    `${'│  '.repeat(Math.max(0, depth - 1))}${depth > 0 ? '├─ ' : ''}${name === '' ? type : `${type}: ${name}`}`,
    formatShape(outputShape),
    parameters,
    multiplyAdds,
    figures.outputBytes === 0 ? '--' : megabytes(figures.outputBytes)
  ]
}

function megabytes(count: number): string {
  return (count / 1e6).toFixed(2)
}
