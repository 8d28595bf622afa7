// Runs that are killed while they write the files at the end of an epoch, and full disks.
import { execFileSync, spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWeights } from 'resnet-ts'
import { parseMetricsLines, readCheckpoint } from 'resnet-ts/train'
import { MAIN, resnet, resnetOutput } from '../support/run-cli.js'
import { bitsOf } from '../support/small-training.js'

const RUN = [
  ...['train', 'digits', '--model', 'cifar_resnet8', '--epochs', '1', '--batch-size', '128'],
  ...['--augment', 'crop', '--ema', '0.9', '--seed', '3']
]
const FILES = ['best.safetensors', 'last.safetensors', 'metrics.jsonl', 'report.html']
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-writes-'))
  await resnetOutput(...RUN, '--out', join(folder, 'whole'))
})
afterAll(() => rm(folder, { recursive: true }))

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

/** Kills the run at the n-th change of a file in its folder; returns the signal that ended it. */
async function killedAt(out: string, isMoment: (name: string) => boolean, n: number): Promise<string | null> {
  const child = spawn(process.execPath, [MAIN, ...RUN, '--out', out, '--resume'], { stdio: 'ignore' })
  const died = new Promise<string | null>(resolve => child.on('exit', (_, signal) => resolve(signal)))
  let seen = 0
  const watcher = watch(out, (event, name) => {
    if (event === 'rename' && name !== null && isMoment(name) && ++seen === n) child.kill('SIGKILL')
  })
  const signal = await died
  watcher.close()
  return signal
}

async function expectWhole(out: string): Promise<void> {
  expect((await readdir(out)).sort()).toEqual(FILES)
  for (const name of ['last.safetensors', 'best.safetensors']) {
    const [found, expected] = await Promise.all(
      [out, join(folder, 'whole')].map(async run => bitsOf(await readWeights(join(run, name))))
    )
    expect(found).toEqual(expected)
  }
  const [found, expected] = await Promise.all(
    [out, join(folder, 'whole')].map(async run =>
      parseMetricsLines(await readFile(join(run, 'metrics.jsonl'), 'utf8')).map(record => ({
        ...record,
        seconds: 0,
        imagesPerSecond: 0
      }))
    )
  )
  expect(found).toEqual(expected)
}

describe('a run that is killed at the end of an epoch', () => {
  // A temporary file changes twice: when it is created, and when it is renamed.
  const moments = [1, 3, 5, 7].map(n => [`as temporary file ${(n + 1) / 2} appears`, '.tmp', n] as const)
  const named = FILES.map(name => [`as ${name} gets its name`, name, 1] as const)

  it.each([...moments, ...named])('%s resumes to the same files', async (what, ending, n) => {
    const out = join(folder, what.replaceAll(' ', '-'))
    await mkdir(out)
    const signal = await killedAt(out, name => name.endsWith(ending), n)
    // Only when waiting for the last file may the run finish before the kill arrives.
    if (what !== 'as last.safetensors gets its name') expect(signal).toBe('SIGKILL')
    for (const name of ['last.safetensors', 'best.safetensors']) {
      if (await isThere(join(out, name))) await readCheckpoint(join(out, name))
    }
    await resnetOutput(...RUN, '--out', out, '--resume')
    await expectWhole(out)
  })
})

// Room for a finished run, but not for another checkpoint.
const disk = mountSmallDisk()

describe('a full disk', () => {
  it.skipIf(disk === undefined)('is one line, and the checkpoint that was there stays', async () => {
    const out = join(disk ?? '', 'run')
    await resnetOutput(...RUN, '--out', out)
    const before = bitsOf((await readCheckpoint(join(out, 'last.safetensors'))).tensors)
    const full = await resnet(...RUN, '--out', out, '--overwrite', '--checkpoint-every', '0')
    expect(full).toMatchObject({ code: 2, stdout: '' })
    expect(full.stderr).toMatch(/^resnet: [^\n]*last\.safetensors: no space left on the device\n$/)
    expect(bitsOf((await readCheckpoint(join(out, 'last.safetensors'))).tensors)).toEqual(before)
    expect((await readdir(out)).sort()).toEqual(FILES)
  })
  afterAll(async () => {
    if (disk === undefined) return
    execFileSync('umount', [disk])
    await rm(disk, { recursive: true })
  })
})

/** A file system of 1.7 MB in memory, where this process may mount one. */
function mountSmallDisk(): string | undefined {
  const path = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1700k', 'tmpfs', path], { stdio: 'ignore' })
    return path
  } catch {
    execFileSync('rmdir', [path])
    return undefined
  }
}
