// A state dict from a ResNet's ONNX file: torch's export or this package's, normalisations folded or not. Loaded when such a file
// is met.
import { Fault } from '../../base/errors.js'
import { quote } from '../../base/words.js'
import { itemSize } from '../../tensor/dtype.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { sizeOf, Tensor } from '../../tensor/tensor.js'
import type { Allowance, ByteSource } from '../bytes.js'
import { FOLDED_EPS, setIdentityNorm } from '../identity-norm.js'
import {
  aligned,
  allowanceApart,
  checkedTensor,
  checkLayout,
  contiguousStrides,
  viewElements
} from '../pth/strided.js'
import { foldedNames, type FoldedNames } from './folded-names.js'
import { parseOnnx, type Initializer, type OnnxModel, type OnnxNode } from './onnx-model.js'

/** Nodes, and initialisers with their dtypes and shapes. @throws Fault when the file is damaged, quantized, or not whole. */
export async function readOnnxModel(source: ByteSource, allowance: Allowance): Promise<OnnxModel> {
  // Read, and its tensors copied out of it.
  allowance.take(2 * source.size, 'the ONNX file')
  return parseOnnx(await source.read(0, source.size))
}

/** @throws Fault when it holds no weights under names, and is no ResNet whose names follow from its form. */
export async function readOnnx(
  source: ByteSource,
  {
    allowance,
    entry,
    onNote
  }: {
    readonly allowance: Allowance
    readonly entry: string | undefined
    readonly onNote: ((note: string) => void) | undefined
  }
): Promise<StateDict> {
  if (entry !== undefined)
    throw new Fault('is an ONNX file, whose tensors are in no entry: leave out the option entry')
  const { nodes, initializers } = await readOnnxModel(source, allowance)
  const originOf = aliases(nodes)
  const tensorOf = (name: string): Initializer | undefined => initializers.get(originOf(name))
  const state = new Map<string, Tensor>()
  const apart = allowanceApart(allowance, source)
  const put = (name: string, value: Initializer | undefined): void => {
    if (value?.dtype === undefined) return
    apart.take(value.bytes.length, quote(name))
    state.set(name, tensorIn(value))
  }
  // Keys of state dicts have dots, and colons are of exporters: "onnx::Conv_193", "ints:0,512".
  const isKey = (name: string): boolean => name.includes('.') && !name.includes(':')
  for (const name of [
    ...initializers.keys(),
    ...nodes.flatMap(({ op, outputs }) => (op === 'Identity' ? outputs : []))
  ]) {
    if (isKey(name)) put(name, tensorOf(name))
  }
  const folded = foldedIn(nodes, isKey, name => tensorOf(name) !== undefined)
  for (const [{ inputs }, { conv, norm }] of folded) {
    const [, weight, bias] = inputs.map(tensorOf)
    if (weight === undefined || bias?.dtype !== 'float32')
      throw new Fault('is an ONNX file with a convolution whose weight or bias is no float32 initialiser')
    put(`${conv}.weight`, weight)
    setIdentityNorm(state, norm, tensorIn(bias))
  }
  nameHead(nodes, isKey, tensorOf, put)
  if (state.size === 0) throw new Fault('is an ONNX file without weights')
  if (folded.size > 0) {
    onNote?.(
      `is an ONNX file whose ${folded.size} batch normalisations are folded into the convolutions: they are read as ones that change nothing, with eps ${FOLDED_EPS}`
    )
  }
  return state
}

/** Where values come from that are other names of initialisers, as torch's exporter writes equal ones. */
function aliases(nodes: readonly OnnxNode[]): (name: string) => string {
  const sources = new Map(
    nodes.flatMap(({ op, inputs: [input], outputs: [output] }) =>
      op === 'Identity' ? [[output, input] as const] : []
    )
  )
  const ends = new Map<string, string>()
  return name => {
    const passed: string[] = []
    let end = name
    // A hostile graph may be a circle.
    while (sources.has(end) && !ends.has(end) && passed.length <= sources.size) {
      passed.push(end)
      end = sources.get(end) ?? end
    }
    end = ends.get(end) ?? end
    for (const each of passed) ends.set(each, end)
    return end
  }
}

/** The convolutions with a normalisation folded in, and the names of both. */
function foldedIn(
  nodes: readonly OnnxNode[],
  isKey: (name: string) => boolean,
  isStored: (name: string) => boolean
): Map<OnnxNode, FoldedNames> {
  const convolutions = nodes.filter(({ op, inputs }) => op === 'Conv' && inputs.length > 1)
  if (convolutions.some(({ inputs: [, weight] }) => !isKey(weight) && isStored(weight)))
    return foldedNames(nodes)
  return new Map(
    convolutions.flatMap((node): [OnnxNode, FoldedNames][] => {
      const [, weight, bias] = node.inputs
      if (node.inputs.length < 3 || !isKey(bias)) return []
      const [conv, norm] = [weight, bias].map(name => name.slice(0, name.lastIndexOf('.')))
      // A bias of the convolution's own, as VGG's without normalisation.
      return conv === norm ? [] : [[node, { conv, norm }]]
    })
  )
}

/** The only linear layer is `fc` where its exporter dropped its name. */
function nameHead(
  nodes: readonly OnnxNode[],
  isKey: (name: string) => boolean,
  tensorOf: (name: string) => Initializer | undefined,
  put: (name: string, value: Initializer | undefined) => void
): void {
  const [head, ...others] = nodes.filter(({ op }) => op === 'Gemm') as (OnnxNode | undefined)[]
  // A damaged one may have no weight.
  if (head === undefined || others.length > 0 || !head.isTransposed || head.inputs.length < 2) return
  if (isKey(head.inputs[1])) return
  const [, weight, bias] = head.inputs.map(tensorOf)
  put('fc.weight', weight)
  put('fc.bias', bias)
}

function tensorIn({ name, dtype = 'float32', shape, bytes }: Initializer): Tensor {
  const layout = { offset: 0, size: shape, stride: contiguousStrides(shape) }
  checkLayout(layout, sizeOf(shape), quote(name))
  const length = sizeOf(shape) * itemSize(dtype)
  if (bytes.length !== length)
    throw new Fault(`has ${bytes.length} bytes in ${quote(name)}, expected ${length} as raw data`)
  return checkedTensor(name, new Tensor(viewElements(dtype, aligned(bytes, dtype), layout), shape, dtype))
}
