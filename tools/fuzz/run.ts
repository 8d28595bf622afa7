// Damages files of every format that the product reads, and counts what becomes of them:
//   npm run fuzz -- --seconds 60 [--seed 1] [--format png] [--from 0] [--inputs 1000] [--processes 2]
// An input is the same for the same seed, format and index. It ends with 1 if anything is wrong.
import { parseArgs } from 'node:util'
import { FORMATS } from './formats.js'
import { Lane } from './lane.js'
import {
  addCounts,
  inputsIn,
  isRight,
  noCounts,
  OUTCOMES,
  tableOf,
  type Counts,
  type Finding
} from './tally.js'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '0' },
    format: { type: 'string' },
    from: { type: 'string', default: '0' },
    inputs: { type: 'string' },
    processes: { type: 'string', default: '2' }
  }
})

function numberIn(name: 'seconds' | 'seed' | 'from' | 'inputs' | 'processes', least: number): number {
  const text = values[name]
  const number = Number(text ?? Infinity)
  if (number >= least && (name === 'seconds' || text === undefined || Number.isSafeInteger(number)))
    return number
  process.stderr.write(`--${name}: expected a number of at least ${least}, got '${text}'\n`)
  process.exit(2)
}

const formats = FORMATS.filter(({ name }) => values.format === undefined || name === values.format)
if (formats.length === 0) {
  process.stderr.write(`--format: expected one of ${FORMATS.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}
const [seconds, seed, from] = [numberIn('seconds', 0), numberIn('seed', 0), numberIn('from', 0)]
/** Of each format; without it, as many as there is time for. */
const inputs = numberIn('inputs', 1)
const processes = Math.min(numberIn('processes', 1), inputs)
const SLICE_MS = 500

const counts = new Map<string, Counts>(formats.map(({ name }) => [name, noCounts()]))
const findings: Finding[] = []
const end = values.inputs === undefined ? performance.now() + 1000 * seconds : Infinity
let shown = performance.now()

async function runLane(number: number): Promise<void> {
  const lane = new Lane((format, answer) => {
    const of = counts.get(format)
    if (of) addCounts(of, answer.counts)
    for (const finding of answer.findings) report(finding)
    showProgress()
  })
  const next = new Map(formats.map(({ name }) => [name, from + number]))
  const isLeft = (name: string): boolean => (next.get(name) ?? 0) < from + inputs
  while (performance.now() < end && formats.some(({ name }) => isLeft(name))) {
    for (const { name } of formats) {
      const start = next.get(name) ?? 0
      const milliseconds = Math.min(SLICE_MS, end - performance.now())
      if (milliseconds <= 0 || !isLeft(name)) continue
      const left = Math.ceil((from + inputs - start) / processes)
      const task = { format: name, seed, from: start, step: processes, inputs: left, milliseconds }
      next.set(name, await lane.run(task))
    }
  }
  lane.end()
}

const MOST_SHOWN = 40

function report(finding: Finding): void {
  findings.push(finding)
  if (findings.length > MOST_SHOWN) return
  const { format, index, outcome, message } = finding
  const lines = message.split('\n').slice(0, 6)
  const command = `npm run fuzz -- --format ${format} --seed ${seed} --from ${index} --inputs 1`
  process.stdout.write(`${outcome}: ${command}\n  ${lines.join('\n  ')}\n`)
}

function showProgress(): void {
  if (performance.now() - shown < 10_000) return
  shown = performance.now()
  const all = [...counts.values()].reduce((sum, each) => sum + inputsIn(each), 0)
  process.stderr.write(`${all.toLocaleString('en')} inputs, ${findings.length} wrong\n`)
}

await Promise.all(Array.from({ length: processes }, (_, number) => runLane(number)))
process.stdout.write(`${tableOf(counts)}\n`)
const wrong = OUTCOMES.filter(outcome => !isRight(outcome))
const isWrong = [...counts.values()].some(each => wrong.some(outcome => each[outcome] > 0))
process.exitCode = isWrong ? 1 : 0
