// Whole processes: the time from start to the printed top five, and the peak memory.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compare, median, timed } from './statistics.js'

const run = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const cli = here('../dist/cli/main.js')

/** Times `resnet predict` against the same task in Python. */
export async function benchProcess(
  python: string,
  model: string,
  weights: string,
  image: string
): Promise<void> {
  const ours = ['predict', image, '--model', model, '--weights', weights]
  await compare(
    `process start to printed top 5, ${model}`,
    { name: 'resnet predict', sample: () => timed(() => run(process.execPath, [cli, ...ours]), 1) },
    [
      {
        name: 'Python: torch + torchvision',
        goal: 3,
        sample: () => timed(() => run(python, [here('predict.py'), model, weights, image]), 1)
      }
    ],
    7
  )
}

/** Prints the peak memory of both. */
export async function benchMemory(
  python: string,
  model: string,
  weights: string,
  image: string
): Promise<void> {
  const preload = here('report-peak.mjs')
  const peak = async (command: string, args: readonly string[]): Promise<number> => {
    const peaks: number[] = []
    for (let i = 0; i < 3; i++) {
      const { stderr } = await run(command, args)
      peaks.push(Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1e6)
    }
    return median(peaks)
  }
  const ours = ['--import', preload, cli, 'predict', image, '--model', model, '--weights', weights]
  console.log(`\npeak memory of that process, ${model}`)
  console.log(
    `  resnet predict               ${(await peak(process.execPath, ours)).toFixed(0)} MB  goal ≤ 600 MB`
  )
  const theirs = [here('predict.py'), model, weights, image]
  console.log(`  Python: torch + torchvision  ${(await peak(python, theirs)).toFixed(0)} MB`)
}
