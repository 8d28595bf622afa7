// Names for the convolutions of a ResNet whose exporter dropped them, as torch's does when it folds the normalisations. A block
// is an addition of two branches that fork at the same value, and one whose shortcut has a convolution begins the next layer.
import { Fault } from '../../base/errors.js'
import type { OnnxNode } from './onnx-model.js'

/** What a convolution and the normalisation after it are called. */
export interface FoldedNames {
  readonly conv: string
  readonly norm: string
}

const PASSED = new Set(['Conv', 'Relu', 'Identity', 'AveragePool'])

/** @throws Fault when the convolutions are not those of a ResNet of torchvision's form. */
export function foldedNames(nodes: readonly OnnxNode[]): Map<OnnxNode, FoldedNames> {
  const convolutionsBehind = branchReader(nodes)
  const names = new Map<OnnxNode, FoldedNames>()
  let [layer, index] = [1, 0]
  for (const { op, inputs } of nodes) {
    if (op !== 'Add' || inputs.length !== 2) continue
    const [shortcut, body] = inputs.map(convolutionsBehind).sort((a, b) => a.length - b.length)
    if (body.length < 2 || shortcut.length > 1) throw noResNet(nodes)
    if (shortcut.length === 1 && names.size > 0) [layer, index] = index > 0 ? [layer + 1, 0] : [layer, index]
    const block = `layer${layer}.${index++}`
    body.forEach((node, i) => names.set(node, { conv: `${block}.conv${i + 1}`, norm: `${block}.bn${i + 1}` }))
    for (const node of shortcut) {
      names.set(node, { conv: `${block}.downsample.0`, norm: `${block}.downsample.1` })
    }
  }
  const [stem, ...others] = nodes.filter(node => node.op === 'Conv' && !names.has(node)) as (
    OnnxNode | undefined
  )[]
  if (names.size === 0 || stem === undefined || others.length > 0) throw noResNet(nodes)
  return names.set(stem, { conv: 'conv1', norm: 'bn1' })
}

/** The convolutions from a value back to where its branch forks, in the order in which they run. */
function branchReader(nodes: readonly OnnxNode[]): (value: string) => OnnxNode[] {
  const makers = new Map(nodes.flatMap(node => node.outputs.map(output => [output, node] as const)))
  const users = new Map<string, number>()
  for (const { inputs } of nodes) for (const input of inputs) users.set(input, (users.get(input) ?? 0) + 1)
  return start => {
    const found: OnnxNode[] = []
    // A hostile graph may be a circle.
    const seen = new Set<string>()
    for (let value = start; users.get(value) === 1 && !seen.has(value);) {
      seen.add(value)
      const node = makers.get(value)
      if (node === undefined || !PASSED.has(node.op)) break
      if (node.op === 'Conv') found.push(node)
      ;[value] = node.inputs
    }
    return found.reverse()
  }
}

function noResNet(nodes: readonly OnnxNode[]): Fault {
  const count = nodes.filter(({ op }) => op === 'Conv').length
  return new Fault(
    `is an ONNX file whose ${count} convolutions have no names and are not arranged as those of a ResNet of torchvision: save the network's state_dict() with torch.save instead`
  )
}
