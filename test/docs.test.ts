// What README and doc comments show is run: every TypeScript block, every @example, and every `// value` beside one.
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { transform } from 'esbuild'
import * as api from 'resnet-ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
// Inside the checkout, so that `resnet-ts` means this package.
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(root, '.docs-'))
  const save = async (net: api.Module, ...names: string[]): Promise<void> => {
    for (const parameter of net.parameters()) api.init.zeros(parameter)
    for (const name of names) await api.writeWeights(join(folder, name), net.stateDict())
  }
  await copyFile(join(root, 'test/goldens/images/photo-500x375.jpg'), join(folder, 'dog.jpg'))
  await save(api.resnet18(), 'resnet18.pth', 'resnet18.safetensors', 'resnet18-f37072fd.pth')
  await layOutData()
  // Where a download would have put it.
  await save(api.resnet50(), 'resnet50-11ad3fa6.pth')
})

/** Data sets that the examples read: two folders of photographs, MNIST's files and CIFAR's. */
async function layOutData(): Promise<void> {
  for (const name of ['rose', 'tulip']) {
    await mkdir(join(folder, 'flowers', name), { recursive: true })
    await copyFile(join(folder, 'dog.jpg'), join(folder, 'flowers', name, '1.jpg'))
    await copyFile(join(folder, 'dog.jpg'), join(folder, 'flowers', name, '2.jpg'))
  }
  const raw = join(folder, 'data/MNIST/raw')
  await mkdir(raw, { recursive: true })
  await writeFile(join(raw, 'train-images-idx3-ubyte'), idx([4, 28, 28]))
  await writeFile(join(raw, 'train-labels-idx1-ubyte'), idx([4]))
  const cifar = join(folder, 'data/cifar-10-batches-bin')
  await mkdir(cifar)
  await writeFile(
    join(cifar, 'batches.meta.txt'),
    Array.from({ length: 10 }, (_, i) => `class ${i}\n`).join('')
  )
  for (const i of [1, 2, 3, 4, 5])
    await writeFile(join(cifar, `data_batch_${i}.bin`), new Uint8Array(1 + 3 * 32 * 32))
  await writeFile(join(folder, 't10k-images-idx3-ubyte.gz'), gzipSync(idx([10_000, 28, 28])))
}

/** A file of zeros as yann.lecun.com/exdb/mnist describes it. */
function idx(shape: readonly number[]): Uint8Array {
  const header = 4 + 4 * shape.length
  const bytes = new Uint8Array(header + shape.reduce((product, size) => product * size, 1))
  bytes.set([0, 0, 8, shape.length])
  for (const [i, size] of shape.entries()) new DataView(bytes.buffer).setUint32(4 + 4 * i, size)
  return bytes
}
afterAll(() => rm(folder, { recursive: true }))

/** Compiles and runs a module in the folder with the fixtures. */
async function run(name: string, code: string): Promise<void> {
  const { code: javascript } = await transform(code, { loader: 'ts', format: 'esm', target: 'node20' })
  await writeFile(join(folder, `${name}.mjs`), javascript)
  const env = { ...process.env, RESNET_TS_CACHE: folder }
  await promisify(execFile)(process.execPath, [`${name}.mjs`], { cwd: folder, env })
}

describe('README', async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8')
  const blocks = Array.from(text.matchAll(/^```ts\n(.*?)^```/gms), ([, code]) => code)

  it('has TypeScript to run', () => expect(blocks.length).toBeGreaterThan(3))

  it.each(blocks.map((code, i) => [i + 1, code] as const))('block %i runs', (i, code) =>
    run(`readme-${i}`, code)
  )

  it('has blocks that the compiler accepts', async () => {
    const files = blocks.map((_, i) => `readme-${i + 1}.ts`)
    for (const [i, code] of blocks.entries()) await writeFile(join(folder, files[i]), code)
    const compilerOptions = { rootDir: '..', noUnusedLocals: false, noEmit: true }
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: '../tsconfig.json', compilerOptions, include: [], files })
    )
    await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder])
  })
})

describe('@example', async () => {
  const sources = (await readdir(join(root, 'src'), { recursive: true })).filter(
    path => path.endsWith('.ts') && !/\.test\.ts$|testing/.test(path)
  )
  const examples = (
    await Promise.all(
      sources.map(async path => {
        const comments = (await readFile(join(root, 'src', path), 'utf8')).matchAll(
          /@example\n((?: \* ?.*\n)+?) \*\//g
        )
        return Array.from(
          comments,
          ([, text], i) => [`${path} ${i + 1}`, text.replace(/^ \* ?/gm, '')] as const
        )
      })
    )
  ).flat()

  it('are there', () => expect(examples.length).toBeGreaterThan(12))

  it.each(examples)('%s runs, and gives what it says', (name, code) => {
    // `expression // [1, 2]` is a promise that can be checked.
    const checked = code.replace(
      /^(?!const |\/\/)(.+?) \/\/ (-?\d+|\[[\w", ]+\])$/gm,
      'assert.deepEqual($1, $2)'
    )
    const names = Object.keys(api).join(', ')
    const prelude = `import assert from 'node:assert/strict'\nimport { ${names} } from 'resnet-ts'\nconst net = resnet18()\n`
    return run(`example-${name.replace(/\W/g, '-')}`, `${prelude}{\n${checked}\n}`)
  })
})
