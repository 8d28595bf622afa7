// A process that has too little memory for a run, and one that never frees what it compiled.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const PACKAGE = new URL('../../dist/', import.meta.url)

/** Runs a module under a limit of the shell's. */
async function runLimited(limit: string, source: string): Promise<string> {
  const code = `import { Conv2d } from '${new URL('api/nn.js', PACKAGE).href}'
    import { compile, createEngine, rand, zeros } from '${new URL('index.js', PACKAGE).href}'
    ${source}`
  const args = ['-c', `${limit}; exec "$0" --input-type=module -e "$1"`, process.execPath, code]
  return (await promisify(execFile)('sh', args)).stdout
}

it('an output of 64 GB under a limit of 16 GB is refused in one sentence, and the engine goes on', async () => {
  const said = await runLimited(
    'ulimit -v 16000000',
    `const run = await compile(new Conv2d(1, 16384, 1), { input: [1, 1, 1024, 1024] })
    const small = await compile(new Conv2d(1, 2, 1), { input: [1, 1, 4, 4] })
    await run(rand([1, 1, 1024, 1024])).then(() => console.log('it ran'), error => console.log(error.name + ': ' + error.message))
    console.log((await small(rand([1, 1, 4, 4]))).shape.join())
    await run.dispose()
    await small.dispose()`
  )
  expect(said.split('\n')).toEqual([
    'EngineError: There is not enough memory for the output logits, float32[1, 16384, 1024, 1024], of 68.7 GB: a smaller batch, smaller images or fewer outputs may fit',
    '1,2,4,4',
    ''
  ])
})

// The output is in memory twice: ONNX Runtime's, and its copy for JavaScript.
it('where only one of an output and its copy fits, the run is refused, and the engine goes on', async () => {
  const output = 2 ** 18
  const run = (limit: number): Promise<string> =>
    runLimited(
      `ulimit -c 0; ulimit -v ${limit}`,
      `import { readFileSync } from 'node:fs'
      const run = await compile(new Conv2d(1, 64, 1), { input: [1, 1, 1024, 1024], expectedRuns: 'few' })
      const small = await compile(new Conv2d(1, 2, 1), { input: [1, 1, 4, 4], expectedRuns: 'few' })
      const size = /VmSize: *\t *([0-9]+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
      const said = await run(zeros([1, 1, 1024, 1024])).then(({ shape }) => shape.join(), error => error.name)
      console.log(size, said, (await small(zeros([1, 1, 4, 4]))).shape.join())`
    )
  const base = Number.parseInt(await run(8_000_000))
  const outcomes: string[] = []
  for (const outputs of [0.5, 1.2, 1.8, 3]) {
    const [, ...said] = (await run(base + Math.round(outputs * output))).trim().split(' ')
    outcomes.push(said.join(' '))
  }
  const refused = 'EngineError 1,2,4,4'
  expect(outcomes).toEqual([refused, refused, refused, '1,64,1024,1024 1,2,4,4'])
})

// ONNX Runtime gives each network threads of its own, one fewer than the engine's; nothing else may start with a network.
it('200 networks that nobody disposes of add no thread but those', async () => {
  const said = await runLimited(
    'true',
    `import { readdirSync } from 'node:fs'
    import { availableParallelism } from 'node:os'
    const threads = () => readdirSync('/proc/self/task').length
    const engine = createEngine({ threads: 1 })
    const kept = []
    const more = async (count, options) => {
      const before = threads()
      for (let i = 0; i < count; i++) {
        kept.push(await compile(new Conv2d(1, 2, 1), { input: [1, 1, 4, 4], expectedRuns: 'few', ...options }))
      }
      return threads() - before
    }
    await more(1, { engine })
    console.log(await more(200, { engine }))
    await more(1, {})
    console.log((await more(20, {})) / Math.max(1, availableParallelism() - 1))
    process.exit()`
  )
  const [alone, shared] = said.split('\n').map(Number)
  expect(alone).toBeLessThanOrEqual(4)
  expect(shared).toBeLessThanOrEqual(24)
})
