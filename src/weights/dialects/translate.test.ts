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

  it('find a classifier in whatever order the tensors come, as from several files', () => {
    const theirs = translateBack(bottleneck, 'hf')
    const sorted = new Map([...theirs].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const each of [sorted, new Map([...sorted].reverse())])
      expect(translations(each)[0]).toMatchObject({ isBackbone: false, leftOut: [] })
  })

  it('find a classifier that is alone in its field, and none among others', () => {
    const renamed = (...to: string[]): StateDict => {
      const heads = to.flatMap(name =>
        ['weight', 'bias'].map(part => [`${name}.${part}`, basic.get(`fc.${part}`) ?? tensor([])] as const)
      )
      return new Map([...headless(basic), ...heads])
    }
    for (const name of ['new_fc', 'cls', 'out', 'heads.0', 'fc.fc', 'classifier.fc', 'cls_head.fc']) {
      const [found] = translations(behind('module.', renamed(name)))
      expect([found?.head, names(found?.stateDict)]).toEqual([name, names(basic)])
    }
    for (const others of [
      ['fc_age', 'fc_gender'],
      ['projector', 'other']
    ])
      expect(translations(renamed(...others))[0]?.head).toBeUndefined()
  })

  it('take no projector for a classifier, were it of one layer', () => {
    const weight = basic.get('fc.weight') ?? tensor([])
    const dino = new Map([...behind('backbone.', headless(basic)), ['head.mlp.0.weight', weight]])
    expect(translations(dino)[0]).toMatchObject({ head: undefined, leftOut: ['head.mlp.0.weight'] })
  })

  it('take no classifier behind a normalisation of its own', () => {
    const neck = new Map([
      ...behind('base.', headless(basic)),
      ['bottleneck.running_mean', basic.get('layer4.1.bn2.running_mean') ?? tensor([])],
      ['classifier.weight', basic.get('fc.weight') ?? tensor([])]
    ])
    expect(translations(neck)[0]).toMatchObject({ head: undefined, isBackbone: true })
  })

  it('of detectron2 find the last stage in the heads, where no pyramid is', () => {
    const theirs = Array.from(translateBack(headless(bottleneck), 'detectron2'), ([key, each]) => {
      const own = key.replace('backbone.bottom_up.', '')
      return [`${own.startsWith('res5') ? 'roi_heads' : 'backbone'}.${own}`, each] as const
    })
    const [found] = translations(new Map(theirs))
    expect(found?.dialect.name).toBe('detectron2')
    expect(names(found?.stateDict)).toEqual(
      names(headless(bottleneck)).filter(key => !key.includes('batches'))
    )
  })

  it('have no prefix where a wrapper is within the network', () => {
    const wrapped = Array.from(
      basic,
      ([key, each]) => [key.replace(/^(layer\d\.\d)\./, '$1._fsdp_wrapped_module.'), each] as const
    )
    expect(translations(new Map(wrapped))[0]?.prefix).toBe('')
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
