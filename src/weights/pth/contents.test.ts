import { expect, it } from 'vitest'
import { Opaque, Tuple } from '../pickle/pickle-values.js'
import { contentsOf } from './contents.js'
import { findEntry } from './find-entry.js'
import { TorchTensor } from './torch-objects.js'

const weights = new Map<unknown, unknown>([['fc.weight', new TorchTensor()]])

it('says what is beside the weights, and names what is not read', () => {
  const root = new Map<unknown, unknown>([
    ['model', weights],
    ['model_ema', weights],
    ['args', new Opaque('argparse.Namespace')],
    ['history', [0.5, new Tuple([new Opaque('numpy.scalar')])]],
    ['meta', new Map<unknown, unknown>([['epoch', 90]])],
    ['arch', 'resnet18']
  ])
  expect(contentsOf(root, findEntry(root, 'model'), 'zip')).toEqual({
    container: 'zip',
    entry: 'model',
    entries: ['model'],
    metadata: { 'meta.epoch': '90', arch: 'resnet18' },
    opaque: ['argparse.Namespace', 'numpy.scalar']
  })
})

it('ends where a file holds itself, and keeps only so much of a large one', () => {
  const root = new Map<unknown, unknown>([['model', weights]])
  root.set('self', root)
  for (let i = 0; i < 1000; i++) root.set(`value${i}`, 'x'.repeat(1000))
  for (let i = 0; i < 1000; i++) root.set(`object${i}`, new Opaque(`a.B${i}`))
  const { metadata, opaque } = contentsOf(root, findEntry(root, undefined), 'zip')
  expect([Object.keys(metadata).length, metadata.value0?.length, opaque.length]).toEqual([64, 200, 256])
})

it('ends where values are nested without end, and under names without end', () => {
  const root = new Map<unknown, unknown>([['model', weights]])
  let deep: unknown[] = []
  for (let i = 0; i < 200_000; i++) deep = [deep]
  root.set('deep', deep).set('__proto__', 'kept').set('x'.repeat(1000), 'left out')
  const { metadata } = contentsOf(root, findEntry(root, undefined), 'zip')
  expect(Object.entries(metadata)).toEqual([['__proto__', 'kept']])
})
