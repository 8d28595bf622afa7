import { describe, expect, it } from 'vitest'
import { Fault } from '../../base/errors.js'
import { resnet18, resnet50 } from '../../models/resnet/resnet.js'
import type { StateDict } from '../../tensor/state-dict.js'
import { tensor } from '../../tensor/tensor.js'
import { DIALECT_NAMES, translateBack, translations } from './translate.js'

const basic = resnet18({ numClasses: 3 }).stateDict()
const bottleneck = resnet50({ numClasses: 3 }).stateDict()
const headless = (state: StateDict): StateDict =>
  new Map([...state].filter(([key]) => !key.startsWith('fc.')))
const behind = (prefix: string, state: StateDict): StateDict =>
  new Map(Array.from(state, ([key, each]) => [prefix + key, each]))
const names = (state: StateDict | undefined): string[] => [...(state?.keys() ?? [])].sort()

function written(state: StateDict, name: string): StateDict | undefined {
  try {
    return translateBack(state, name)
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

describe('translations', () => {
  /** What each dialect can write of plain networks, with their classifier or without. */
  const writings = DIALECT_NAMES.flatMap(name =>
    [basic, bottleneck, headless(basic), headless(bottleneck)].flatMap(state => {
      const theirs = written(state, name)
      return theirs ? [{ name, size: state.size, state, theirs }] : []
    })
  )

  it('are of every project that has names for plain networks alone', () => {
    const more = [
      'averaged-model',
      'barlow-twins',
      'cadene',
      'caffe2',
      'dino',
      'simclr',
      'simsiam',
      'smp',
      'swav'
    ]
    const others = [...more, 'bit', 'timm-v2', 'torchvision-quantized', 'torchvision-segmentation']
    expect(new Set(writings.map(({ name }) => name))).toEqual(
      new Set(DIALECT_NAMES.filter(name => !others.includes(name)))
    )
  })

  // What torchreid writes, a classifier of another name apart, is torchvision's.
  it.each(writings.filter(({ name }) => name !== 'torchreid'))(
    'of $name undo its names ($size tensors)',
    ({ name, state, theirs }) => {
      const [found] = translations(theirs, name)
      const isCounter = (key: string): boolean => key.endsWith('num_batches_tracked')
      const [own, back] = [names(state), names(found?.stateDict)]
      expect(back).toEqual(back.some(isCounter) ? own : own.filter(key => !isCounter(key)))
      expect(found?.isBackbone).toBe(!state.has('fc.weight'))
      for (const [key, each] of found?.stateDict ?? []) expect(each.data).toBe(state.get(key)?.data)
    }
  )

  it('find a classifier of a usual name', () => {
    for (const name of ['linear', 'last_linear', 'output', 'logits', 'head.fc', 'classifier.1']) {
      const theirs = new Map(Array.from(basic, ([key, each]) => [key.replace(/^fc\./, `${name}.`), each]))
      const [found] = translations(theirs)
      expect([found?.head, names(found?.stateDict), found?.leftOut]).toEqual([name, names(basic), []])
    }
  })

  it('leave out what a profiler has counted', () => {
    const counted = new Map(basic)
    for (const key of ['total_ops', 'conv1.total_ops', 'layer1.0.total_params', 'fc.total_params'])
      counted.set(key, tensor([0]))
    const [found] = translations(counted)
    expect(names(found?.stateDict)).toEqual(names(basic))
    expect(found?.leftOut).toEqual([
      'total_ops',
      'conv1.total_ops',
      'layer1.0.total_params',
      'fc.total_params'
    ])
  })

  it('find the network behind wrappers, and say what stood before it', () => {
    for (const prefix of ['module.', 'model.', 'module._orig_mod.', '_orig_mod.', 'net.backbone.']) {
      const [found] = translations(behind(prefix, basic))
      expect([found?.prefix, found?.dialect.name, names(found?.stateDict)]).toEqual([
        prefix,
        'torchvision',
        names(basic)
      ])
    }
  })
})
