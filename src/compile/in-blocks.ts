// Whether an engine's runtime has kernels for images in blocks of channels, and how long a block is: found out once, by running two
// small programs, because the kernels are in no standard. Without them a program is only slower.
import * as F from '../ir/functional/index.js'
import { collectGraph, type Graph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import { blockIn, blockProbe } from '../onnx/block-probe.js'
import { encodeOnnx } from '../onnx/encode.js'
import { OWN_OPSET } from '../onnx/opsets.js'
import { blockedPasses } from '../passes/blocked/blocked-passes.js'
import { runPasses } from '../passes/pass-lists.js'
import type { Engine, NamedTensors } from '../runtime/engine.js'
import { sizeOf, Tensor } from '../tensor/tensor.js'
import { portsOf } from './ports.js'

const found = new WeakMap<Engine, Promise<number | undefined>>()

/** A graph with its images in blocks, as far as an engine's runtime has kernels for them. */
export async function inBlocks(engine: Engine, graph: Graph): Promise<Graph> {
  const block = await findBlock(engine)
  return block === undefined ? graph : runPasses(blockedPasses(block), graph)
}

/** The channels of a block on an engine; undefined where images stay as they are. */
export function findBlock(engine: Engine): Promise<number | undefined> {
  const known = found.get(engine) ?? ask(engine).catch(() => undefined)
  found.set(engine, known)
  return known
}

async function ask(engine: Engine): Promise<number | undefined> {
  const { graph, x } = blockProbe()
  const laid = await run(engine, graph, { x })
  const block = laid && blockIn(laid.y.data)
  return block !== undefined && (await computesRight(engine, block)) ? block : undefined
}

/** Float32 sums in another order. */
const TOLERANCE = 1e-4

/** Whether convolutions, arithmetic per channel, and moves between the layouts give what the plain operators do. */
async function computesRight(engine: Engine, block: number): Promise<boolean> {
  const channels = 2 * block
  const x = graphInput('x', [2, channels, 5, 5])
  const weight = graphInput('weight', [channels, channels, 3, 3])
  const scale = graphInput('scale', [1, channels, 1, 1])
  const convolved = F.conv2d(x, weight, undefined, { padding: 1 })
  const y = F.relu(F.add(F.mul(convolved, scale), convolved))
  const graph = collectGraph([x, weight, scale], [{ name: 'y', value: y }])
  const inputs = Object.fromEntries(
    graph.inputs.map(value => [
      graph.names.get(value) ?? '',
      numbered(value.shape.map(Number), i => ((i * 37) % 101) / 50 - 1)
    ])
  )
  const expected = await run(engine, graph, inputs)
  const actual = await run(engine, runPasses(blockedPasses(block), graph), inputs)
  if (!expected || !actual) return false
  const [wanted, given] = [expected.y.data, actual.y.data].map(data => Array.from(data, Number))
  const largest = wanted.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
  return wanted.every((each, i) => Math.abs(each - given[i]) <= TOLERANCE * largest)
}

/** The outputs of a graph; nothing if the engine runs it elsewhere than on the CPU. */
async function run(engine: Engine, graph: Graph, inputs: NamedTensors): Promise<NamedTensors | undefined> {
  const onnx = encodeOnnx(graph, 'layout', { opset: OWN_OPSET })
  await using program = await engine.load({ onnx, ...portsOf(graph) })
  return program.device === 'cpu' ? await program.run(inputs) : undefined
}

function numbered(shape: readonly number[], number: (i: number) => number): Tensor {
  return new Tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => number(i)),
    shape,
    'float32'
  )
}
