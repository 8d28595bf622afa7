// Disks that fill up or turn read-only while a run is under way.
import type * as promises from 'node:fs/promises'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ResnetError } from '../../base/errors.js'
import { startOfEpoch } from '../../train/position.js'
import { readCheckpoint } from '../../train/record/checkpoint.js'
import { NonFiniteError } from '../../train/train-error.js'
import { tensor } from '../../tensor/tensor.js'
import { RunFolder } from './run-folder.js'
import { RunRecord } from './run-record.js'
import { withWhatIsKept } from './what-is-kept.js'

const disk = vi.hoisted(() => ({ fault: '' }))
vi.mock('node:fs/promises', async original => {
  const real = await original<typeof promises>()
  const failing =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>, writes: (...args: A) => boolean) =>
    (...args: A): Promise<R> => {
      if (disk.fault === '' || !writes(...args)) return call(...args)
      return Promise.reject(Object.assign(new Error(`${disk.fault}: no`), { code: disk.fault }))
    }
  const always = (): boolean => true
  return {
    ...real,
    open: failing(real.open, (_, flags) => flags === 'wx'),
    link: failing(real.link, always),
    rename: failing(real.rename, always)
  }
})

let path: string
beforeEach(async () => void (path = await mkdtemp(join(tmpdir(), 'resnet-kept-'))))
afterEach(async () => {
  disk.fault = ''
  await rm(path, { recursive: true })
})

function runIn(folder: RunFolder, replaces = false): RunRecord {
  const network = {
    model: 'cifar_resnet8',
    options: { numClasses: 2, inChannels: 1, residual: true },
    classes: ['no', 'yes'],
    transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
  } as const
  const tensors = new Map([['w', tensor([1])]])
  const trainer = { save: () => Promise.resolve({ tensors, steps: 1, batches: 1 }) }
  const recipe = { settings: {}, unreadable: { names: [] }, data: 'digits', checkpointEvery: 0 }
  return new RunRecord({ trainer, network, folder, ...recipe, replaces, isLastDamaged: false }, undefined)
}

const failureOf = (writing: Promise<void>): Promise<unknown> =>
  writing.then(
    () => undefined,
    (e: unknown) => e
  )

it.each([
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space left on the device'],
  ['EACCES', 'permission denied']
])('%s is one sentence, with what was saved before, which stays whole', async (fault, words) => {
  const folder = new RunFolder(path)
  const run = runIn(folder)
  await run.afterBatch({ ...startOfEpoch(0), batch: 1 }, 1)
  disk.fault = fault
  const error = await failureOf(run.afterBatch({ ...startOfEpoch(0), batch: 2 }, 1))
  const told = await withWhatIsKept(error, run)
  expect(told).toBeInstanceOf(ResnetError)
  expect(String(told)).toMatch(
    new RegExp(
      `safetensors: ${words}; what was saved before is kept in ${folder.last}, and --resume continues from there$`
    )
  )
  expect((await readCheckpoint(folder.last)).progress?.position.batch).toBe(1)
  expect((await readdir(path)).filter(name => name !== 'previous.safetensors')).toEqual(['last.safetensors'])
})

it('promises nothing where nothing of this run was saved', async () => {
  const folder = new RunFolder(path)
  await runIn(folder).save()
  const run = runIn(folder, true)
  disk.fault = 'EROFS'
  const error = await failureOf(run.afterBatch({ ...startOfEpoch(0), batch: 1 }, 1))
  expect(await withWhatIsKept(error, run)).toBe(error)
  expect(String(error)).toMatch(/last\.safetensors: the file system is read-only$/)
})

it('keeps what was saved before a validation that shows the weights to be lost', async () => {
  const run = runIn(new RunFolder(path))
  const breakdown = { step: 2, loss: NaN, largest: undefined, weights: [], paths: [] }
  const error = new NonFiniteError({ ...breakdown, during: 'validation' })
  expect(await withWhatIsKept(error, run)).toBe(error)
  expect(await readdir(path)).toEqual([])
  const file = await run.afterBatch({ ...startOfEpoch(0), batch: 1 }, 1).then(() => run.saved)
  expect(String(await withWhatIsKept(error, run))).toMatch(
    new RegExp(`clipping; what was saved before is kept in ${file}, to start from with --weights$`)
  )
  expect((await readdir(path)).filter(name => name.startsWith('previous'))).toEqual([])
})

it.each([
  ['moved', (to: string) => rename(path, to)],
  [
    'moved, and made anew',
    async (to: string) => {
      await rename(path, to)
      await mkdir(path)
    }
  ]
])('ends in a folder that was %s with one sentence, and promises nothing', async (_, move) => {
  const folder = new RunFolder(path)
  const release = await folder.open()
  const run = runIn(folder)
  await run.afterBatch({ ...startOfEpoch(0), batch: 1 }, 1)
  const to = `${path}-moved`
  await move(to)
  try {
    const error = await failureOf(run.afterBatch({ ...startOfEpoch(0), batch: 2 }, 1))
    const message = `${path}: was moved, removed or taken over while this run was writing in it; nothing more is saved, and what was saved is where it is now`
    expect((await withWhatIsKept(error, run)) as Error).toMatchObject({ message })
    expect(await readdir(path).catch(() => [])).toEqual([])
  } finally {
    release()
    await rm(path, { recursive: true, force: true })
    await rename(to, path)
  }
})
