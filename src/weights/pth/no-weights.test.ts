import { describe, expect, it } from 'vitest'
import { Opaque, Tuple } from '../pickle/pickle-values.js'
import { findEntry } from './find-entry.js'
import { TorchTensor } from './torch-objects.js'

const dict = (entries: Readonly<Record<string, unknown>>): Map<unknown, unknown> =>
  new Map(Object.entries(entries))
const model = new Opaque('torchvision.models.resnet.ResNet')
const remedy = (keys: string): string =>
  `run torch.save(torch.load('FILE', weights_only=False)${keys}.state_dict(), 'weights.pth') in Python`
/** What it throws, or undefined. */
function faultIn(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('a file with a whole model instead of its weights', () => {
  it.each<[string, unknown]>([
    ['', model],
    ["['model']", dict({ epoch: 3, args: new Opaque('argparse.Namespace'), model })],
    ["['net']", dict({ net: model, best: new TorchTensor() })],
    ["['ema']['module']", dict({ ema: dict({ module: model }) })],
    ['[0]', [model]],
    ['[1]', new Tuple([3, model])]
  ])('is told how to write them: torch.load(…)%s', (keys, root) => {
    const fault = faultIn(() => findEntry(root, undefined))
    expect(fault).toContain(remedy(keys))
    expect(fault).toContain('an object of "torchvision.models.resnet.ResNet" where a state dict was expected')
  })

  it('is told so where the entry is named, too', () => {
    const root = dict({ state_dict: dict({ 'fc.weight': new TorchTensor() }), model })
    expect(faultIn(() => findEntry(root, 'model'))).toContain(remedy("['model']"))
    expect(findEntry(root, undefined).path).toBe('state_dict')
  })

  it.each<[string, unknown]>([
    ['a setting', dict({ model: new Opaque('argparse.Namespace') })],
    ['a weight', dict({ 'fc.weight': new Opaque('torch._utils._rebuild_qtensor') })],
    ['too deep', dict({ a: dict({ b: dict({ c: dict({ model }) }) }) })]
  ])('is not %s', (_, root) => {
    expect(faultIn(() => findEntry(root, undefined)) ?? '').not.toContain('torch.load')
  })

  it('costs little to look for in dicts that hold one large dict often', () => {
    const large = new Map<unknown, unknown>(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]))
    const often = (inner: unknown): Map<unknown, unknown> =>
      new Map(Array.from({ length: 60 }, (_, i) => [`k${i}`, inner]))
    const start = performance.now()
    expect(findEntry(often(often(large)), undefined).path).toBe('')
    expect(performance.now() - start).toBeLessThan(500)
  })
})

describe('a file without a state dict', () => {
  it.each<[string, unknown]>([
    [
      "holds an optimiser's state, without the network's weights",
      dict({ state: dict({}), param_groups: [] })
    ],
    [
      'holds an optimiser\'s state as its entry "optimizer", without the network\'s weights: save net.state_dict() beside it',
      dict({
        epoch: 3,
        optimizer: dict({ state: new Map([[0, dict({ exp_avg: new TorchTensor() })]]), param_groups: [] })
      })
    ],
    [
      'holds a list where a state dict was expected: it has 2 tensors without names; save net.state_dict() instead',
      [new TorchTensor(), new TorchTensor()]
    ],
    ['holds a tuple where a state dict was expected', new Tuple([1, 2])],
    ['holds a str where a state dict was expected', 'resnet18']
  ])('%s', (fault, root) => {
    expect(faultIn(() => findEntry(root, undefined))).toBe(fault)
  })
})
