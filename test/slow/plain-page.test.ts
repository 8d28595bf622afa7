// The library in a page without a bundler: scripts written by `resnet bundle`, on a plain web server.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { compile, manualSeed, rand, resnet18 } from 'resnet-ts'
import { hasBrowser } from '../support/chromium.js'
import { resnetOutput } from '../support/run-cli.js'
import { serveFolder, type StaticSite } from '../support/static-site.js'

const SCRIPT = `
  import { compile, Conv2d, digits, manualSeed, rand, resnet18 } from './resnet-ts/resnet-ts.js'
  import { Conv2d as SameConv2d } from './resnet-ts/nn.js'
  const say = text => (document.getElementById('out').textContent += text + '\\n')
  try {
    manualSeed(0)
    const run = await compile(resnet18({ numClasses: 10 }), { input: ['N', 3, 64, 64] })
    say(run.device)
    say(JSON.stringify(Array.from((await run(rand([1, 3, 64, 64]))).data)))
    say((await digits()).length)
    say(new SameConv2d(1, 1, 1) instanceof Conv2d)
  } catch (error) {
    say(String(error))
  }
  say('done')
`
const PAGE = `<!doctype html><title>A page</title><pre id="out"></pre><script type="module">${SCRIPT}</script>`
const HEADERS = 'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp'

describe.skipIf(!hasBrowser)('a page of plain scripts', () => {
  let folder: string
  let expected: readonly number[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-plain-'))
    await resnetOutput('bundle', '--out', join(folder, 'resnet-ts'))
    await writeFile(join(folder, 'index.html'), PAGE)
    manualSeed(0)
    const run = await compile(resnet18({ numClasses: 10 }), { input: ['N', 3, 64, 64] })
    expected = Array.from((await run(rand([1, 3, 64, 64]))).data)
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function serve(isolated: boolean, at = folder): Promise<StaticSite> {
    const site = await serveFolder(at, { isolated })
    onTestFinished(() => site.close())
    return site
  }

  function expectNumbers([device, logits, count, isOne]: readonly string[]): void {
    expect(device).toBe('cpu')
    const found = JSON.parse(logits) as number[]
    const largest = Math.max(...expected.map(Math.abs))
    found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-4 * largest))
    expect(found).toHaveLength(expected.length)
    expect(count).toBe('1797')
    // However many scripts a page takes, a class is there once.
    expect(isOne).toBe('true')
  }

  it('computes the same as Node, with requests only to its own server', async () => {
    const site = await serve(true)
    const { lines, warnings, requests } = await site.visit()
    expectNumbers(lines)
    expect(warnings).toEqual([])
    expect(requests.filter(url => !url.startsWith(site.address))).toEqual([])
    expect(requests.some(url => url.endsWith('/ort-wasm-simd-threaded.wasm'))).toBe(true)
  })

  it('works without cross-origin isolation, and explains once how to get threads', async () => {
    const { lines, warnings } = await (await serve(false)).visit()
    expectNumbers(lines)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(HEADERS)
  })

  it('reports missing files', async () => {
    const lacking = await mkdtemp(join(tmpdir(), 'resnet-ts-lacking-'))
    onTestFinished(() => rm(lacking, { recursive: true }))
    await cp(folder, lacking, { recursive: true })
    await rm(join(lacking, 'resnet-ts/ort-wasm-simd-threaded.wasm'))
    const [text] = (await (await serve(true, lacking)).visit()).lines
    expect(text).toMatch(
      /^EngineError: ONNX Runtime's ort-wasm-simd-threaded.wasm cannot be loaded: serve it/
    )
    await rm(join(lacking, 'resnet-ts/ort-wasm-worker.js'))
    const [other] = (await (await serve(true, lacking)).visit()).lines
    expect(other).toMatch(
      /^EngineError: The engine's worker cannot start: its script cannot be loaded; .*createEngine\(\{ worker \}\)/
    )
  })
})
