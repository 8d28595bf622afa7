// Runs that are killed at any moment: their files can be read, and resuming leads to the weights of an uninterrupted run.
import { spawn, execFile } from 'node:child_process'
import { watch } from 'node:fs'
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RandomGenerator, readWeights } from 'resnet-ts'
import { parseMetricsLines, readCheckpoint, type EpochRecord } from 'resnet-ts/train'
import { writePhotos } from '../support/photos.js'
import { MAIN, resnetOutput } from '../support/run-cli.js'
import { bitsOf } from '../support/small-training.js'

const RUN = [
  ...['train', 'digits', '--model', 'cifar_resnet8', '--epochs', '3', '--batch-size', '128'],
  ...['--checkpoint-every', '0', '--ema', '0.9', '--seed', '3']
]
/** What a resumed run has to restore: averages; other optimisers' state, half a step, draws of mixing; places left empty. */
const VARIANTS: readonly [string, readonly string[]][] = [
  ['a moving average', RUN],
  [
    'half-finished steps and mixed images',
    [
      ...[
        'train',
        'digits',
        '--model',
        'cifar_resnet8',
        '--epochs',
        '2',
        '--batch-size',
        '128',
        '--seed',
        '4'
      ],
      ...['--optimizer', 'adamw', '--accumulate', '3', '--augment', 'crop,mixup', '--clip-norm', '1'],
      ...['--schedule', 'onecycle', '--workers', '2', '--checkpoint-every', '0']
    ]
  ],
  [
    'unreadable images and drawn classes',
    [
      ...['train', 'PHOTOS', '--model', 'cifar_resnet8', '--epochs', '6', '--batch-size', '2', '--seed', '5'],
      ...[
        '--image-size',
        '16',
        '--on-corrupt',
        'skip',
        '--balanced',
        '--optimizer',
        'rmsprop',
        '--lr',
        '0.001'
      ],
      ...['--augment', 'resized-crop,flip,jitter', '--checkpoint-every', '0']
    ]
  ]
]
const KILLS = 10
// The kills happen while one of the first checkpoints is written, so that their number does not depend on speed.
const EARLY_KILLS = 4
const SEED = Date.now() % 1_000_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-resume-'))
  await writePhotos(join(folder, 'photos'))
  for (const name of ['a/3.png', 'b/5.png']) await writeFile(join(folder, 'photos', name), 'no picture')
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs to the end, or kills the run once the first argument's promise resolves; returns whether the run ended. */
async function attempt(moment: (stop: AbortSignal) => Promise<void>, ...args: string[]): Promise<boolean> {
  const ended = new AbortController()
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' })
  const exit = new Promise<number | null>(resolve => child.on('exit', resolve))
  void exit.then(() => ended.abort())
  await moment(ended.signal)
  child.kill('SIGKILL')
  const code = await exit
  // A killed process has no exit code.
  expect([0, null]).toContain(code)
  return code === 0
}

function after(milliseconds: number): (stop: AbortSignal) => Promise<void> {
  return stop =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      stop.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
}

/** Resolves when a file is created for the n-th time: a checkpoint is being written. */
function duringWrite(path: string, n: number): (stop: AbortSignal) => Promise<void> {
  return stop =>
    new Promise(resolve => {
      const seen = new Set<string>()
      const watcher = watch(path, (_, name) => {
        if (name?.endsWith('.tmp') && seen.add(name).size === n) done()
      })
      const done = (): void => {
        watcher.close()
        resolve()
      }
      stop.addEventListener('abort', done)
    })
}

/** The results without timings. */
function timeless(records: readonly EpochRecord[]): unknown {
  return records.map(({ seconds, imagesPerSecond, ...rest }) => {
    expect(seconds).toBeGreaterThan(0)
    expect(imagesPerSecond).toBeGreaterThan(0)
    return rest
  })
}

describe('a run that is killed again and again', () => {
  it.each(VARIANTS)(
    'ends with the weights and metrics of an uninterrupted run, with %s',
    async (name, words) => {
      const run = words.map(word => (word === 'PHOTOS' ? join(folder, 'photos') : word))
      const [whole, broken] = ['whole', 'broken'].map(each => join(folder, `${name}, ${each}`))
      await resnetOutput(...run, '--out', whole)
      await mkdir(broken)
      const generator = new RandomGenerator(SEED)
      let [kills, isDone] = [0, false]
      while (!isDone && kills < KILLS) {
        const [draw] = generator.uniform(1)
        const moment =
          kills < EARLY_KILLS || kills % 2 === 0
            ? duringWrite(broken, 1 + Math.floor(6 * draw))
            : after(300 + 2000 * draw)
        isDone = await attempt(moment, ...run, '--out', broken, '--resume')
        if (isDone) break
        kills++
        const last = join(broken, 'last.safetensors')
        const exists = await access(last).then(
          () => true,
          () => false
        )
        if (exists) expect((await readCheckpoint(last)).progress, `seed ${SEED}, kill ${kills}`).toBeDefined()
      }
      await resnetOutput('train', '--out', broken, '--resume')
      expect(kills, `seed ${SEED}`).toBeGreaterThanOrEqual(EARLY_KILLS)
      for (const file of ['last.safetensors', 'best.safetensors']) {
        const [found, expected] = await Promise.all(
          [broken, whole].map(async each => bitsOf(await readWeights(join(each, file))))
        )
        expect(found, `seed ${SEED}`).toEqual(expected)
      }
      const [found, expected] = await Promise.all(
        [broken, whole].map(async each =>
          parseMetricsLines(await readFile(join(each, 'metrics.jsonl'), 'utf8'))
        )
      )
      expect(timeless(found), `seed ${SEED}`).toEqual(timeless(expected))
    },
    240_000
  )
})

describe('a full disk', () => {
  it('is a one-line error, and the old checkpoint stays intact', async () => {
    const out = join(folder, 'full')
    await resnetOutput(...RUN.map(arg => (arg === '3' ? '1' : arg)), '--out', out)
    const before = bitsOf(await readWeights(join(out, 'last.safetensors')))
    // The limit of 64 blocks of 1024 bytes per file makes writes fail, as on a full disk.
    const command = `ulimit -f 64; trap '' XFSZ; exec "$0" "$@"`
    const args = ['-c', command, process.execPath, MAIN, ...RUN, '--out', out, '--overwrite']
    const failure: unknown = await promisify(execFile)('bash', args).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 2 })
    const { stderr } = failure as { stderr: string }
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('last.safetensors')
    expect(bitsOf(await readWeights(join(out, 'last.safetensors')))).toEqual(before)
  }, 60_000)
})
