// The packed package in an app that Vite builds and serves without configuration, in Chromium.
import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser } from '../support/chromium.js'
import { blockName, readPages } from '../support/docs-pages.js'
import { serveFolder } from '../support/static-site.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const vite = join(root, 'node_modules/.bin/vite')
const KB = 1000

/** The limit of all scripts that the page loads at once: models, graph, training and the loader. */
const START = 90 * KB

/** The size limits of the app's other files, compressed, with reasons. */
const CEILINGS: readonly [RegExp, number, string][] = [
  [
    /^(read-pth|pickled-state-dict)-.*\.js$/,
    12 * KB,
    'what torch.save writes, quantized too; loaded for such files'
  ],
  [/^pth-legacy-.*\.js$/, 4 * KB, 'what torch.save wrote before 1.6, and pickle.dump; loaded for such files'],
  [/^legacy-.*\.js$/, 2 * KB, 'SHA-1, by which git names files; loaded for files of the hub'],
  [/^safetensors-.*\.js$/, 3 * KB, 'reads safetensors; loaded for such files'],
  [/^quantized-.*\.js$/, 1 * KB, 'reads quantized tensors as floats; loaded for such files'],
  [/^read-onnx-.*\.js$/, 3 * KB, 'reads the weights of ONNX files; loaded for such files'],
  [
    /^snapshot-.*\.js$/,
    6 * KB,
    'asks the Hugging Face Hub and keeps what it sends; loaded for its addresses'
  ],
  [
    /^(sha256|_md|utils)-.*\.js$/,
    3 * KB,
    'SHA-256 in parts; loaded for files that state a digest, and downloads'
  ],
  [
    /^(wider?-dtype(-name)?s|allocate-bytes|strided|digest|crc32)-.*\.js$/,
    1 * KB,
    'what readers of files share: dtypes, memory, strides, digests, checksums'
  ],
  [/^inflate-.*\.js$/, 3 * KB, 'inflates gzipped data and zipped weights; loaded with the first'],
  [/^file-digest-.*\.js$/, 4 * KB, 'verifies the digest that a file states; loaded for such files'],
  [/^decode-image-.*\.js$/, 9 * KB, 'decodes files of pictures; loaded with the first'],
  [/^to-rgb-.*\.js$/, 3 * KB, 'makes RGB of what a canvas or a decoder gives'],
  [/^make-program-.*\.js$/, 6 * KB, "derives a step's gradients and simplifies it; loaded with the first"],
  [
    /^in-blocks-.*\.js$/,
    7 * KB,
    'lays images out in blocks; not loaded where no runtime has kernels for them'
  ],
  [/^idx-.*\.js$/, 2 * KB, 'reads IDX files; loaded with the first'],
  [/^make-batch-.*\.js$/, 7 * KB, 'what a loader without workers loads: what the steps do to pictures'],
  [/^ort-wasm-worker-.*\.js$/, 30 * KB, "onnxruntime-web's script for WebAssembly, and 2 KB of ours"],
  [/^ort-webgpu-worker-.*\.js$/, 45 * KB, "onnxruntime-web's script for WebGPU, and 3 KB of ours"],
  [/^loader-worker-.*\.js$/, 30 * KB, 'decoding of pictures, damaged ones too, resizing and augmenting'],
  [
    /^ort-wasm-simd-threaded-.*\.wasm$/,
    3_900 * KB,
    "ONNX Runtime's kernels; fetched when a network first runs"
  ],
  [
    /^ort-wasm-simd-threaded\.asyncify-.*\.wasm$/,
    6_900 * KB,
    'the same and WebGPU; fetched only where that is used'
  ],
  [/^digits\.idx-.*\.gz$/, 50 * KB, 'the bundled digits; fetched by digits()'],
  [/^digits-resnet20-.*\.safetensors$/, 1_100 * KB, 'the bundled model; fetched where it is asked for']
]

const SCRIPT = `
  import { compile, createTrainer, manualSeed, rand, resnet18, sgd, createLoader, digits, toTensor, readWeights } from 'resnet-ts'
  const say = text => (document.getElementById('out').textContent += text + '\\n')
  try {
    manualSeed(0)
    const net = resnet18({ numClasses: 4 })
    const run = await compile(net, { input: ['N', 3, 32, 32] })
    say((await run(rand([2, 3, 32, 32]))).shape)
    const trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.01 }) })
    const { loss } = await trainer.step({ images: rand([2, 3, 32, 32]), labels: [0, 1] })
    say(loss > 0)
    const loader = createLoader(await digits(), { batchSize: 4, transforms: [toTensor()], workers: 1 })
    for await (const { images } of loader) {
      say(images.shape)
      break
    }
    say(String(net).match(/ResNet|BasicBlock/g).slice(0, 2))
    await readWeights(new File([new Uint8Array(9)], 'no.pth')).catch(error => say(error.name))
  } catch (error) {
    say(String(error))
  }
  say('done')
`
const SAID = ['2,4', 'true', '4,1,8,8', 'ResNet,BasicBlock', 'WeightsError']

/** What `npm create vite -- --template vanilla-ts` (9.3.0) writes into tsconfig.json. */
const TEMPLATE = {
  target: 'es2023',
  module: 'esnext',
  lib: ['ES2023', 'DOM'],
  types: ['vite/client'],
  allowArbitraryExtensions: true,
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  moduleDetection: 'force',
  noEmit: true,
  // The default of TypeScript 7, which the template brings.
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  noFallthroughCasesInSwitch: true
}

/** The names of the app's script and of those that it imports, not on demand. */
async function loadedAtOnce(assets: string): Promise<string[]> {
  const names = (await readdir(assets)).filter(name => /^index-.*\.js$/.test(name))
  for (const name of names) {
    const text = await readFile(join(assets, name), 'utf8')
    for (const [, imported] of text.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g))
      if (!names.includes(imported)) names.push(imported)
  }
  return names
}

describe.skipIf(!hasBrowser)('an app built with Vite', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-vite-'))
    const run = async (command: string, args: readonly string[], cwd = folder): Promise<string> => {
      const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }
      return (await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 26 })).stdout
    }
    const packed = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
      root
    )
    const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('['))) as { filename: string }[]
    await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }')
    await run('npm', ['install', '--no-audit', '--no-fund', join(folder, filename)])
    await mkdir(join(folder, 'src'))
    await writeFile(join(folder, 'src/main.js'), SCRIPT)
    await writeFile(
      join(folder, 'index.html'),
      '<!doctype html><pre id="out"></pre><script type="module" src="/src/main.js"></script>'
    )
    await run(vite, ['build'])
    await symlink(join(root, 'node_modules/vite'), join(folder, 'node_modules/vite'), 'junction')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('runs, trains and reads', async () => {
    const site = await serveFolder(join(folder, 'dist'), { isolated: true })
    try {
      const { lines, requests } = await site.visit()
      expect(lines).toEqual(SAID)
      expect(requests.filter(url => !url.startsWith(site.address))).toEqual([])
    } finally {
      await site.close()
    }
  })

  it('runs in development as well', async () => {
    const server = spawn(vite, ['--port', '5197', '--strictPort'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit']
    })
    try {
      // Read on: a server whose output nobody takes ends at its next line.
      await new Promise<void>(resolve => {
        server.stdout.on('data', text => {
          if (String(text).includes('5197')) resolve()
        })
      })
      const site = await serveFolder(folder, { isolated: false })
      expect((await site.visit('http://localhost:5197/')).lines).toEqual(SAID)
      await site.close()
    } finally {
      server.kill()
    }
  })

  it.each([true, false])(
    "compiles the samples of README and docs/ with the settings of Vite's template, skipLibCheck: %s",
    async skipLibCheck => {
      const app = join(folder, 'typed')
      await mkdir(join(app, 'src'), { recursive: true })
      for (const page of await readPages()) {
        for (const block of page.blocks) {
          // Vite's template has no types of Node.
          if (block.language !== 'ts' || block.code.includes("'node:")) continue
          await writeFile(join(app, 'src', `${blockName(page, block)}.ts`), block.code)
        }
      }
      const compilerOptions = { ...TEMPLATE, skipLibCheck }
      await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }))
      const found = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', app])
      expect(await found.catch((error: unknown) => error)).toMatchObject({ stdout: '' })
    }
  )

  it('is no larger than its limits, and contains no Node code', async () => {
    const assets = join(folder, 'dist/assets')
    const start = await loadedAtOnce(assets)
    const sizes = await Promise.all(
      start.map(async name => gzipSync(await readFile(join(assets, name))).length)
    )
    expect(
      sizes.reduce((sum, size) => sum + size, 0),
      start.join(', ')
    ).toBeLessThanOrEqual(START)
    const weighed = new Set<RegExp>()
    for (const name of await readdir(assets)) {
      const bytes = await readFile(join(assets, name))
      if (name.endsWith('.js')) {
        expect(bytes.toString()).not.toMatch(
          /onnxruntime-node|from ?["'](node:|sharp)|require\(["'](node:|fs|path)/
        )
      }
      if (start.includes(name)) continue
      const found = CEILINGS.find(([pattern]) => pattern.test(name))
      expect(found, `${name} has no ceiling`).toBeDefined()
      if (!found) continue
      const [pattern, most, reason] = found
      weighed.add(pattern)
      expect(gzipSync(bytes).length, `${name}: ${reason}`).toBeLessThanOrEqual(most)
    }
    expect(CEILINGS.filter(([pattern]) => !weighed.has(pattern)).map(String)).toEqual([])
  })
})
