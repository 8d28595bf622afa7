// A folder to run the documentation's code in: `resnet-ts` and the command `resnet` are this checkout's, and the files
// that pages mention exist.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { init, resnet18, resnet50, writeWeights, type Module } from 'resnet-ts'
import ts from 'typescript'
import { MAIN } from './run-cli.js'

/** This checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What `tsc --init` writes, and Node's types. */
const FRESH_PROJECT = {
  module: 'nodenext',
  target: 'esnext',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  noUncheckedSideEffectImports: true,
  moduleDetection: 'force',
  skipLibCheck: true,
  noEmit: true
}

/** A module's JavaScript: its types are taken away, and nothing else is changed. */
export function withoutTypes(code: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ESNext, verbatimModuleSyntax: true }
  return ts.transpileModule(code, { compilerOptions }).outputText
}

/** The folder, and ways to run in it. */
export class DocsFolder implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async create(): Promise<DocsFolder> {
    // Inside the checkout, so that `resnet-ts` resolves.
    const folder = new DocsFolder(await mkdtemp(join(ROOT, '.docs-')))
    await layOutFiles(folder.path)
    return folder
  }

  /** Runs a module of TypeScript without its types, as `.mjs`; gives what it printed. */
  async runTypeScript(name: string, code: string): Promise<string> {
    await writeFile(join(this.path, `${name}.mjs`), withoutTypes(code))
    return this.#run(process.execPath, [`${name}.mjs`])
  }

  /** Runs commands in a shell; returns their output. */
  runShell(code: string): Promise<string> {
    return this.#run('bash', ['-euc', code])
  }

  /** Lets the compiler check modules against the declarations that are packed; fails with what it says. */
  async typeCheck(modules: Readonly<Record<string, string>>): Promise<void> {
    const files = Object.keys(modules).map(name => `${name}.ts`)
    for (const [name, code] of Object.entries(modules)) await writeFile(join(this.path, `${name}.ts`), code)
    await writeFile(
      join(this.path, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: FRESH_PROJECT, files })
    )
    await this.#run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', this.path])
  }

  async #run(command: string, args: readonly string[]): Promise<string> {
    const PATH = [join(this.path, 'bin'), process.env.PATH].join(delimiter)
    const NODE_OPTIONS = `--import=${pathToFileURL(join(this.path, STAND_INS)).href}`
    const env = { ...process.env, PATH, NODE_OPTIONS, RESNET_TS_CACHE: this.path }
    try {
      const { stdout } = await promisify(execFile)(command, args, { cwd: this.path, env, maxBuffer: 2 ** 26 })
      return stdout
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true })
  }
}

async function layOutFiles(path: string): Promise<void> {
  await mkdir(join(path, 'bin'))
  await writeFile(join(path, 'bin/resnet'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`)
  await chmod(join(path, 'bin/resnet'), 0o755)
  await copyFile(join(ROOT, 'test/goldens/images/photo-500x375.jpg'), join(path, 'dog.jpg'))
  await copyFile(join(ROOT, 'assets/cat.jpg'), join(path, 'cat.jpg'))
  await copyFile(join(ROOT, 'assets/digit.png'), join(path, 'digit.png'))
  const save = async (net: Module, ...names: string[]): Promise<void> => {
    for (const parameter of net.parameters()) init.zeros(parameter)
    for (const name of names) await writeWeights(join(path, name), net.stateDict())
  }
  await save(resnet18(), 'resnet18.pth', 'resnet18.safetensors', 'resnet18-f37072fd.pth')
  // At the path of a download.
  await save(resnet50(), 'resnet50-11ad3fa6.pth')
  await standInFor(path, ['resnet18-f37072fd.pth', 'resnet50-11ad3fa6.pth'])
  await layOutData(path)
}

const STAND_INS = 'stand-ins.mjs'

/** Writes what makes Node take files for published ones, whose hashes begin as their names say. */
async function standInFor(path: string, names: readonly string[]): Promise<void> {
  const digests: Record<string, string> = {}
  for (const name of names) {
    const found = createHash('sha256')
      .update(await readFile(join(path, name)))
      .digest('hex')
    const [, prefix] = /-([0-9a-f]{8})\.pth$/.exec(name) ?? []
    digests[found] = prefix + found.slice(8)
  }
  await writeFile(
    join(path, STAND_INS),
    `import crypto from 'node:crypto'
    import { syncBuiltinESMExports } from 'node:module'
    const digests = ${JSON.stringify(digests)}
    const { createHash } = crypto
    crypto.createHash = (...given) => {
      const hash = createHash(...given)
      const digest = hash.digest.bind(hash)
      hash.digest = encoding => { const found = digest(encoding); return digests[found] ?? found }
      return hash
    }
    syncBuiltinESMExports()`
  )
}

/** Datasets that the examples read: two folders of photographs, MNIST's files and CIFAR's. */
async function layOutData(path: string): Promise<void> {
  for (const name of ['rose', 'tulip']) {
    await mkdir(join(path, 'flowers', name), { recursive: true })
    await copyFile(join(path, 'dog.jpg'), join(path, 'flowers', name, '1.jpg'))
    await copyFile(join(path, 'dog.jpg'), join(path, 'flowers', name, '2.jpg'))
  }
  const raw = join(path, 'data/MNIST/raw')
  await mkdir(raw, { recursive: true })
  await writeFile(join(raw, 'train-images-idx3-ubyte'), idx([4, 28, 28]))
  await writeFile(join(raw, 'train-labels-idx1-ubyte'), idx([4]))
  const cifar = join(path, 'data/cifar-10-batches-bin')
  await mkdir(cifar)
  const names = Array.from({ length: 10 }, (_, i) => `class ${i}\n`)
  await writeFile(join(cifar, 'batches.meta.txt'), names.join(''))
  for (const i of [1, 2, 3, 4, 5])
    await writeFile(join(cifar, `data_batch_${i}.bin`), new Uint8Array(1 + 3 * 32 * 32))
  await writeFile(join(path, 't10k-images-idx3-ubyte.gz'), gzipSync(idx([10_000, 28, 28])))
}

/** An IDX file of zeros, as yann.lecun.com/exdb/mnist describes it. */
function idx(shape: readonly number[]): Uint8Array {
  const header = 4 + 4 * shape.length
  const bytes = new Uint8Array(header + shape.reduce((product, size) => product * size, 1))
  bytes.set([0, 0, 8, shape.length])
  for (const [i, size] of shape.entries()) new DataView(bytes.buffer).setUint32(4 + 4 * i, size)
  return bytes
}

/** A page of the documentation by its path in the checkout. */
export function readPage(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8')
}
