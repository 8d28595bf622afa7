import { describe, expect, it } from 'vitest'
import { Opaque } from '../pickle/pickle-values.js'
import { findEntry, listEntries, noteOf } from './find-entry.js'
import { TorchTensor } from './torch-objects.js'

const dict = (entries: Readonly<Record<string, unknown>>): Map<unknown, unknown> =>
  new Map(Object.entries(entries))
/** Weights of so many tensors. */
const weights = (count = 8): Map<unknown, unknown> =>
  new Map(Array.from({ length: count }, (_, i) => [`layer${i}.weight`, new TorchTensor()]))

describe('findEntry', () => {
  it.each<[string, Record<string, unknown>]>([
    ['', { ...Object.fromEntries(weights()) }],
    ['state_dict', { epoch: 3, args: new Opaque('argparse.Namespace'), state_dict: weights() }],
    ['state_dict', { optimizer: dict({ state: new Map() }), state_dict: weights(), metric: 1 }],
    ['state_dict_ema', { state_dict: weights(), state_dict_ema: weights() }],
    ['model_ema', { model: weights(), model_ema: weights(9) }],
    ['teacher', { student: weights(), teacher: weights() }],
    ['run.best.model', { run: dict({ best: dict({ model: weights() }), last: weights() }) }],
    ['anything', { anything: weights(), losses: [1, 2], epoch: 1 }],
    ['large', { small: weights(9), large: weights(20) }],
    // VISSL.
    [
      'classy_state_dict.base_model.model.trunk',
      {
        classy_state_dict: dict({
          base_model: dict({ model: dict({ trunk: weights(), heads: [weights()] }) }),
          losses: dict({ center: new TorchTensor() })
        })
      }
    ],
    // A usual name may be a setting.
    ['state_dict', { model: dict({ momentum: new TorchTensor() }), state_dict: weights() }],
    ['state_dict', { ema: dict({ decay: new TorchTensor() }), state_dict: weights() }],
    ['weights', { params: dict({ lr: 0.1 }), weights: weights(), rng: new TorchTensor() }]
  ])('takes %j', (path, entries) => {
    expect(findEntry(dict(entries), undefined).path).toBe(path)
  })

  it('takes one of several networks in a dict by its prefix, with the path of the dict or without', () => {
    const both = dict({ 'net_a.w': new TorchTensor(), 'net_b.w': new TorchTensor() })
    const root = dict({ epoch: 3, state_dict: both, spare: weights() })
    for (const path of ['net_b', 'state_dict.net_b'])
      expect([...findEntry(root, path).dict.values()]).toEqual([both.get('net_b.w')])
    expect(() => findEntry(root, 'net_c')).toThrow('its entry "net_c", found no such entry')
  })

  it('names the others that look like weights', () => {
    const found = findEntry(
      dict({ model: weights(), backup: weights(), rng: new TorchTensor(), ema: weights() }),
      undefined
    )
    expect(noteOf(found)).toBe(
      'took the weights of its entry "ema"; the option entry chooses another: "model", "backup"'
    )
    expect(
      noteOf(findEntry(dict({ state_dict: weights(), rng: new TorchTensor() }), undefined))
    ).toBeUndefined()
  })

  it('lists what may be weights, without the scores beside it', () => {
    const root = dict({
      best_acc: new TorchTensor(),
      ema: dict({ decay: new TorchTensor() }),
      net: weights()
    })
    expect(listEntries(root)).toEqual(['net'])
    root.set('backup', weights())
    expect(listEntries(root)).toEqual(['net', 'backup'])
  })

  it('finds one network among several in an entry, by what its names begin with', () => {
    const named = (prefix: string): [string, TorchTensor][] => [[`${prefix}conv1.weight`, new TorchTensor()]]
    const both = new Map<unknown, unknown>([...named('module.encoder_q.'), ...named('module.encoder_k.')])
    for (const [root, path] of [
      [both, 'module.encoder_k'],
      [dict({ state_dict: both }), 'state_dict.module.encoder_k']
    ] as const) {
      const found = findEntry(root, path)
      expect([...found.dict]).toEqual([['conv1.weight', both.get('module.encoder_k.conv1.weight')]])
    }
    expect(() => findEntry(both, 'module.encoder')).toThrow('found no such entry')
  })

  it('finds an entry by its path, whose keys may have dots', () => {
    const inner = weights()
    const root = dict({ 'a.b': dict({ c: inner }), a: dict({ b: 1 }) })
    expect(findEntry(root, 'a.b.c').dict).toBe(inner)
    expect(() => findEntry(root, 'a.b.d')).toThrow(
      'expected a state dict as its entry "a.b.d", found no such entry (it has "a.b", "a")'
    )
    expect(() => findEntry(root, 'a.b')).not.toThrow()
  })

  it('ends where a dict holds itself, and leaves what is nested too deep', () => {
    const root = weights()
    root.set('self', root)
    expect(findEntry(root, undefined).dict).toBe(root)
    expect(() => findEntry(root, 'self.'.repeat(50))).toThrow('no such entry')
    let deep = weights()
    for (let i = 0; i < 20; i++) deep = dict({ inner: deep })
    expect(findEntry(deep, undefined).path).toBe('')
  })
})

describe('a crafted file', () => {
  it('has no more entries than a checkpoint, and none under endless names', () => {
    const one = weights(1)
    const entries = (count: number): [string, unknown][] =>
      Array.from({ length: count }, (_, i) => [`k${i}`, new Map(one)])
    expect(() => findEntry(new Map<unknown, unknown>(entries(150_000)), undefined)).toThrow(
      'has tensors in more than 65536 dicts'
    )
    // Each path would repeat the name.
    const root = dict({ ['x'.repeat(1_000_000)]: new Map(entries(10_000)), model: one })
    expect(findEntry(root, undefined)).toMatchObject({ path: 'model', others: [] })
  })
})
