import { expect, it } from 'vitest'
import { Opaque, Settings, Tuple } from '../pickle/pickle-values.js'
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

it('reads what a script was called with, after all else', () => {
  const args = new Settings('argparse.Namespace')
  args.values = new Map<unknown, unknown>([
    ['model', 'resnet18'],
    ['sync', true],
    ['self', args]
  ])
  const root = new Map<unknown, unknown>([
    ['args', args],
    ['model', weights],
    ['epoch', 90]
  ])
  const { metadata, opaque } = contentsOf(root, findEntry(root, undefined), 'zip')
  expect(Object.entries(metadata)).toEqual([
    ['epoch', '90'],
    ['args.model', 'resnet18'],
    ['args.sync', 'true']
  ])
  expect(opaque).toEqual(['argparse.Namespace'])
})

it('finds what says that weights are Caffe’s, however long the text', () => {
  const saying = (key: string, text: string): string | undefined => {
    const root = new Map<unknown, unknown>([
      ['model', weights],
      ['meta', new Map([[key, text]])]
    ])
    return contentsOf(root, findEntry(root, undefined), 'zip').caffe
  }
  const config = `${'x = 1\n'.repeat(1000)}backbone=dict(depth=50, style='caffe')`
  expect(saying('config', config)).toBe("style='caffe'")
  expect(saying('cfg', 'RESNETS:\n  STRIDE_IN_1X1: True')).toBe('STRIDE_IN_1X1: True')
  expect(saying('__author__', 'Caffe2')).toBe('__author__: Caffe2')
  expect(saying('config', config.replace('caffe', 'pytorch'))).toBeUndefined()
  expect(saying('note', 'trained like caffe')).toBeUndefined()
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
