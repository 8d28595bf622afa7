import { describe, expect, it } from 'vitest'
import { manualSeed } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { adaptInputChannels } from '../weights/adapt-input-channels.js'
import { buildFor } from './build-for.js'
import { cifar_resnet8, CifarResNet } from './resnet/cifar-resnet.js'
import { resnet18d } from './resnet/relatives.js'

manualSeed(4)
const trained = cifar_resnet8({ numClasses: 7 }).stateDict()
const behind = (prefix: string, state = trained): StateDict =>
  new Map(Array.from(state, ([key, tensor]) => [prefix + key, tensor]))

/** What was built, and what was said. */
function build(
  state: StateDict,
  options: { inChannels?: number } = {}
): { state: StateDict; notes: string[] } {
  const notes: string[] = []
  const net = buildFor(cifar_resnet8, state, { ...options, onNote: note => notes.push(note) })
  return { state: net.stateDict(), notes }
}

describe('buildFor', () => {
  it('builds for the classes of the weights, and has nothing to say', () => {
    const { state, notes } = build(trained)
    expect([...state]).toEqual([...trained])
    expect(notes).toEqual([])
  })

  it.each(['module.', 'model.backbone.', 'module._orig_mod.'])('takes off %s', prefix => {
    const { state, notes } = build(behind(prefix))
    expect([...state]).toEqual([...trained])
    expect(notes).toEqual([`took "${prefix}" off the names of all ${trained.size} tensors`])
  })

  it('takes the average of two networks, and says so', () => {
    const { state, notes } = build(new Map([...behind('student.'), ...behind('teacher.')]))
    expect([...state]).toEqual([...trained])
    expect(notes).toEqual([
      expect.stringContaining(
        'took "teacher." off the names of 44 of 88 tensors; other networks are behind "student."'
      )
    ])
  })

  it('chooses none of two that are alike, and names them', () => {
    const other = cifar_resnet8({ numClasses: 7 }).stateDict()
    expect(() => build(new Map([...behind('first.'), ...behind('second.', other)]))).toThrow(
      'holds several networks; the option entry chooses one: "first", "second"'
    )
  })

  it('leaves out what is beside the network, and says so', () => {
    const { state, notes } = build(new Map([...behind('model.'), ...behind('loss.')].slice(0, -5)))
    expect([...state]).toEqual([...trained])
    expect(notes).toEqual([expect.stringMatching(/^took "model\." off .*; left out \d+ tensors \("loss\./)])
  })

  it('leaves the classifier untrained where the weights have none', () => {
    const backbone = new Map([...trained].filter(([key]) => !key.startsWith('fc.')))
    const { state, notes } = build(backbone)
    expect([...state].filter(([key]) => !key.startsWith('fc.'))).toEqual([...backbone])
    expect(notes).toEqual(["has no classifier, so that the network's is untrained"])
  })

  it('knows the first layer of a deep stem', () => {
    const deep = resnet18d({ numClasses: 2 }).stateDict()
    const grey = buildFor(resnet18d, behind('module.', deep), { inChannels: 1 }).stateDict()
    const stem = 'conv1.0.weight'
    expect(grey.get(stem)).toEqual(adaptInputChannels(deep, stem, 1).get(stem))
  })

  it('adapts the first layer where other channels are asked for', () => {
    const grey = build(trained, { inChannels: 1 })
    expect([...grey.state]).toEqual([...adaptInputChannels(trained, 'conv1.weight', 1)])
    expect(grey.notes).toEqual(['conv1.weight is for images of 3 channels, not 1: summed its kernels'])
    const four = build(trained, { inChannels: 4 })
    expect([...four.state]).toEqual([...adaptInputChannels(trained, 'conv1.weight', 4)])
    expect(four.notes).toEqual([
      'conv1.weight is for images of 3 channels, not 4: repeated its kernels, times 3/4'
    ])
    const back = build(grey.state, { inChannels: 3 })
    expect(back.notes).toEqual([
      'conv1.weight is for images of 1 channel, not 3: repeated its kernels, times 1/3'
    ])
    expect(build(trained, { inChannels: 3 }).notes).toEqual([])
  })

  it('says how a class is given', () => {
    expect(() => buildFor(CifarResNet as never, trained)).toThrow(
      'buildFor: build: expected a function, such as options => new Net(options), got the function CifarResNet'
    )
  })

  it('does not adapt what nobody asked for', () => {
    expect(() => build(adaptInputChannels(trained, 'conv1.weight', 1))).toThrow(
      'conv1.weight: expected [16, 3, 3, 3], got [16, 1, 3, 3]'
    )
  })
})
