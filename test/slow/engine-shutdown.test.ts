// Processes that exit, or dispose of their engine, while it loads or runs: ONNX Runtime would abort them.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const LIBRARY = new URL('../../dist/index.js', import.meta.url).href
const START = `
  import { compile, createEngine, rand, resnet18 } from ${JSON.stringify(LIBRARY)}
  const engine = createEngine()
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms))
  const said = compile(resnet18(), { input: ['N', 3, 224, 224], engine })
    .then(async run => {
      console.log('loaded')
      for (;;) await run(rand([16, 3, 224, 224]))
    })
    .catch(error => error.message)
`
const DISPOSES = 'await engine.dispose(); console.log(await said)'
const EXITS = "console.log('exits'); process.exit()"
const FAILS = "setTimeout(() => { throw new Error('on purpose') })"

/** Runs a script and returns its output. */
async function run(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url))
  })
  return stdout
}

describe('an engine that is disposed of while it works', () => {
  it.each([0, 80, 160])('is disposed of after %i ms without harm', async ms => {
    expect(await run(`${START} await wait(${ms}); ${DISPOSES}`)).toMatch(/The engine was disposed of\n$/)
  })

  it.each([0, 80, 160])('lets its process exit after %i ms', async ms => {
    expect(await run(`${START} await wait(${ms}); ${EXITS}`)).toMatch(/exits\n$/)
  })

  const running = `${START.replace("console.log('loaded')", 'setTimeout(then, 20)')}; const then = () => {`
  it('can be disposed of during a run', async () => {
    expect(await run(`${running} engine.dispose() }; console.log(await said)`)).toBe(
      'The engine was disposed of\n'
    )
  })

  it('lets its process exit during a run', async () => {
    expect(await run(`${running} ${EXITS} }`)).toBe('exits\n')
  })

  it('does not change the exit code of a failing process', async () => {
    await expect(run(`${START} ${FAILS}`)).rejects.toMatchObject({ code: 1 })
  })
})
