// Folders of runs: what `resnet train --resume` reads in them, and their metrics.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunFolder } from '../../../src/cli/train/run-folder.js'
import { assertUnlocked, lockFolder } from '../../../src/cli/train/run-lock.js'
import { RunRecord } from '../../../src/cli/train/run-record.js'
import { assertSameRun, findRun, restoreTrainer } from '../../../src/cli/train/saved-run.js'
import { METADATA_KEY } from '../../../src/networks/checkpoint.js'
import { htmlReport } from '../../../src/pages/report/html-report.js'
import { tensor } from '../../../src/tensor/tensor.js'
import { encodeCheckpoint } from '../../../src/train/record/checkpoint.js'
import { metricsLine, parseMetricsLines } from '../../../src/train/record/record.js'
import { checkTensors, type TrainerState } from '../../../src/train/trainer-state.js'
import { encodeWeights } from '../../../src/weights/write-weights.js'
import { format, type Format } from '../format.js'
import { mutatedBytes } from '../mutate-bytes.js'
import { asJson, mutatedData, type Data } from '../mutate-json.js'
import { aboutOf, NETWORK, PROGRESS } from './checkpoints.js'

const runFolder = format('run-folder', async path => {
  const folder = new RunFolder(path)
  const tensors = new Map([['fc.weight', tensor([1, 2])]])
  const whole = encodeCheckpoint({ network: NETWORK, progress: PROGRESS, tensors })
  const about = aboutOf(whole)
  const { release } = await lockFolder(path)
  const held = readFileSync(join(path, '.lock'), 'utf8')
  release()
  // A process that has ended, so that what comes after the lock is read: no process has that number.
  const lock = new TextEncoder().encode(held.replace(/"pid":\d+/, '"pid":2147483646'))
  const trainer = {
    async restore(state: TrainerState): Promise<void> {
      checkTensors(state.tensors, new Map(tensors))
    },
    save: () => Promise.reject(new Error('nothing is saved'))
  }
  return {
    draw: random => ({
      last: random.oneIn(3)
        ? mutatedBytes(whole, random)
        : encodeWeights(tensors, {
            metadata: { format: 'pt', [METADATA_KEY]: asJson(mutatedData(about, random), random) }
          }),
      lock: random.oneIn(10) ? mutatedBytes(lock, random) : lock
    }),
    async read({ last, lock }) {
      writeFileSync(folder.last, last)
      writeFileSync(join(path, '.lock'), lock)
      await withoutPauses(() => assertUnlocked(path))
      const { saved } = await findRun(folder, { resume: true }, undefined)
      if (!saved) return
      const { checkpoint, file } = saved
      await assertSameRun(folder, saved, { settings: PROGRESS.settings, network: NETWORK }, new Set())
      await restoreTrainer(trainer, checkpoint, file)
      const recipe = { trainer, network: NETWORK, folder, settings: PROGRESS.settings, data: 'digits' }
      const run = new RunRecord(
        {
          ...recipe,
          checkpointEvery: 1e9,
          replaces: false,
          isLastDamaged: false,
          unreadable: { names: checkpoint.progress.unreadable ?? [] }
        },
        checkpoint.progress
      )
      await run.afterBatch(run.position, 1)
      run.summary()
      await run.closing()
    }
  }
})

/** Without the fifth of a second in which a lock that makes no sense is read again and again. */
async function withoutPauses(run: () => Promise<void>): Promise<void> {
  const { setTimeout } = globalThis
  globalThis.setTimeout = Object.assign((then: () => void) => setTimeout(then), setTimeout)
  try {
    await run()
  } finally {
    globalThis.setTimeout = setTimeout
  }
}

const metrics = format('metrics', async () => {
  const lines = PROGRESS.epochs.map(record => metricsLine(record))
  const text = new TextEncoder().encode(lines.concat(lines, lines).join('\n'))
  return {
    draw(random) {
      if (random.oneIn(3))
        return { text: new TextDecoder().decode(mutatedBytes(text, random)), isShown: false }
      const record = JSON.parse(random.pick(lines)) as Data
      const changed = asJson(mutatedData(record, random), random)
      return { text: `${[...lines, changed, ...lines].join('\n')}\n`, isShown: random.oneIn(8) }
    },
    async read({ text, isShown }) {
      const epochs = parseMetricsLines(text)
      if (isShown) htmlReport({ title: 'a run', settings: PROGRESS.settings, epochs })
    }
  }
})

export const RUNS: readonly Format[] = [runFolder, metrics]
