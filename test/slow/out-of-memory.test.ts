// A process that has too little memory for a run, and one that never frees what it compiled.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const PACKAGE = new URL('../../dist/', import.meta.url)

/** Runs a module under a limit of the shell's. */
async function runLimited(limit: string, source: string): Promise<string> {
  const code = `import { Conv2d } from '${new URL('api/nn.js', PACKAGE).href}'
    import { compile, createEngine, rand } from '${new URL('index.js', PACKAGE).href}'
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
    'EngineError: There is not enough memory for this: a smaller batch or smaller images may fit',
    '1,2,4,4',
    ''
  ])
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
