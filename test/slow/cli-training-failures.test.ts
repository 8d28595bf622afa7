// The output of the training commands: run folders, JSON, and errors about checkpoints.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseMetricsLines, readCheckpoint } from 'resnet-ts/train'
import { resnet, resnetOutput } from '../support/run-cli.js'

const digit = fileURLToPath(new URL('../../assets/digit.png', import.meta.url))
const QUICK = ['digits', '--model', 'cifar_resnet8', '--batch-size', '128', '--augment', 'none']
let folder: string
const at = (...names: string[]): string => join(folder, ...names)

/** The hash of each file in a folder. */
async function hashes(path: string): Promise<Record<string, string>> {
  const entries = (await readdir(path)).sort().map(async name => {
    const hash = createHash('sha256').update(await readFile(join(path, name)))
    return [name, hash.digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-gaps-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a digits run', () => {
  it('reaches 90 % in 3 epochs, prints only JSON, and is unchanged when it is resumed', async () => {
    const args = ['train', ...QUICK, '--batch-size', '64', '--epochs', '3', '--out', at('run')]
    const { code, stdout, stderr } = await resnet(...args, '--json')
    expect([code, stderr]).toEqual([0, ''])
    const summary = JSON.parse(stdout) as { best: { accuracy: number }; epochs: unknown[] }
    expect(summary.epochs).toHaveLength(3)
    expect(summary.best.accuracy).toBeGreaterThanOrEqual(0.9)
    const before = await hashes(at('run'))
    const resumed = await resnet(...args, '--resume')
    const done = `${at('run')} has trained its 3 epochs: nothing is left to train; --epochs 4 or more continues`
    expect(resumed).toMatchObject({ code: 0, stderr: `resnet: ${done}\n` })
    expect(resumed.stdout).not.toContain('epoch 1/3')
    expect(await hashes(at('run'))).toEqual(before)
    const again = await resnet(...args)
    expect(again).toMatchObject({ code: 2, stdout: '' })
    expect(again.stderr).toMatch(/^resnet: [^\n]*\n$/)
    expect(await hashes(at('run'))).toEqual(before)
  })

  it('writes metrics and a report in the end, even if they could not be written at first', async () => {
    await mkdir(at('late/metrics.jsonl'), { recursive: true })
    const args = ['train', ...QUICK, '--epochs', '1', '--out', at('late'), '--checkpoint-every', '0']
    const failed = await resnet(...args)
    expect(failed.code).toBe(2)
    expect(failed.stderr).toMatch(/^resnet: [^\n]*metrics\.jsonl: [^\n]*\n$/)
    await rmdir(at('late/metrics.jsonl'))
    await resnetOutput(...args, '--resume')
    const files = [
      'best.safetensors',
      'last.safetensors',
      'metrics.jsonl',
      'previous.safetensors',
      'report.html'
    ]
    expect((await readdir(at('late'))).sort()).toEqual(files)
    const records = parseMetricsLines(await readFile(at('late/metrics.jsonl'), 'utf8'))
    expect(records.map(({ epoch }) => epoch)).toEqual([1])
  })
})

/** A disk in memory of so much, where the system lets one be mounted: by default one checkpoint fits, and no second. */
async function smallDisk(size = '1m'): Promise<string | undefined> {
  await mkdir(at('disk'), { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at('disk')], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return at('disk')
}

/** Waits until something succeeds. */
async function until(attempt: () => unknown): Promise<void> {
  for (;;) {
    try {
      await attempt()
      return
    } catch {
      await setTimeout(20)
    }
  }
}

it('says which checkpoint is whole where the disk is full, and goes on from it elsewhere', async context => {
  const disk = await smallDisk()
  if (disk === undefined) return context.skip('no disk can be mounted here')
  try {
    const run = join(disk, 'run')
    const last = join(run, 'last.safetensors')
    const args = ['train', ...QUICK, '--epochs', '2', '--checkpoint-every', '1']
    const { code, stderr } = await resnet(...args, '--out', run)
    const kept = `what was saved before is kept in ${last}, and --resume continues from there`
    // A fast machine has the best of the first epoch to write before a second checkpoint is due.
    const full = ['last', 'best'].map(
      name => `resnet: ${join(run, name)}.safetensors: no space left on the device; ${kept}\n`
    )
    expect(code).toBe(2)
    expect(full).toContain(stderr)
    const kinds = [
      'last.safetensors',
      'previous.safetensors',
      'best.safetensors',
      'metrics.jsonl',
      'report.html'
    ]
    const names = await readdir(run)
    expect(names).toContain('last.safetensors')
    expect(names.filter(name => !kinds.includes(name))).toEqual([])
    await cp(run, at('moved'), { recursive: true })
    expect(await resnetOutput(...args, '--out', at('moved'), '--resume')).toContain('epoch 2/2')
  } finally {
    execFileSync('umount', [disk])
  }
})

describe('a run that has saved something', () => {
  const args = ['train', ...QUICK, '--epochs', '99', '--checkpoint-every', '0']

  it('says what is whole where its disk becomes read-only, and goes on from it elsewhere', async context => {
    const disk = await smallDisk('16m')
    if (disk === undefined) return context.skip('no disk can be mounted here')
    try {
      const run = join(disk, 'run')
      const last = join(run, 'last.safetensors')
      const running = resnet(...args, '--out', run)
      await until(() => access(last))
      // Not while a file is open for writing.
      await until(() => {
        execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'ignore' })
      })
      const { code, stderr } = await running
      const kept = `what was saved before is kept in ${last}, and --resume continues from there`
      expect(stderr.replace(/[a-z]+\.safetensors: the/, 'X: the')).toBe(
        `resnet: ${join(run, 'X')}: the file system is read-only; ${kept}\n`
      )
      expect(code).toBe(2)
      expect((await readCheckpoint(last)).progress?.batches).toBeGreaterThan(0)
      await cp(run, at('from-read-only'), { recursive: true })
      const resumed = await resnet(...args, '--epochs', '1', '--resume', '--out', at('from-read-only'))
      expect(resumed.code, resumed.stderr).toBe(0)
    } finally {
      execFileSync('umount', [disk])
    }
  })

  it('writes nothing where its folder has been removed', async () => {
    const run = at('removed')
    const running = resnet(...args, '--out', run)
    await until(() => access(join(run, 'last.safetensors')))
    await rename(run, at('elsewhere'))
    const { code, stderr } = await running
    const fault = 'was moved, removed or taken over while this run was writing in it'
    expect(stderr).toBe(
      `resnet: ${run}: ${fault}; nothing more is saved, and what was saved is where it is now\n`
    )
    expect(code).toBe(2)
    await expect(access(run)).rejects.toThrow('ENOENT')
    await readCheckpoint(join(at('elsewhere'), 'last.safetensors'))
  })
})

describe('JSON', () => {
  it('of eval has a row and a column for each class', async () => {
    const text = await resnetOutput('eval', 'digits', '--checkpoint', 'digits', '--json')
    const { confusion } = JSON.parse(text) as { confusion: number[][] }
    expect(confusion.map(row => row.length)).toEqual(Array(10).fill(10))
    expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(359)
  })

  it('of lr-find has every learning rate that was tried', async () => {
    const args = ['lr-find', ...QUICK, '--from', '0.001', '--to', '0.1', '--steps', '5', '--json']
    const { points } = JSON.parse(await resnetOutput(...args)) as {
      points: { learningRate: number; loss: number }[]
    }
    expect(points).toHaveLength(5)
    expect(points[0].learningRate).toBeCloseTo(0.001)
    expect(points[4].learningRate).toBeCloseTo(0.1)
    expect(points.every(({ loss }) => loss > 0)).toBe(true)
  })
})

describe('a mistake is one line and exit code 2', () => {
  beforeAll(async () => {
    await resnetOutput('init', 'cifar_resnet8', '--out', at('plain.safetensors'))
  })

  it.each([
    [
      'plain weights to eval',
      () => ['eval', 'digits', '--checkpoint', at('plain.safetensors')],
      'not which model'
    ],
    [
      'plain weights to predict',
      () => ['predict', digit, '--checkpoint', at('plain.safetensors')],
      'not which model'
    ],
    ['a folder below a file', () => ['train', ...QUICK, '--out', join(digit, 'run')], 'digit.png']
  ])('%s', async (_, args, named) => {
    const { code, stdout, stderr } = await resnet(...args())
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^resnet: [^\n]*\n$/)
    expect(stderr).toContain(named)
  })
})
