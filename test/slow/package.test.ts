// The package as npm delivers it: packed, installed into an empty folder, used from JavaScript and TypeScript.
import { execFile } from 'node:child_process'
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const { exports: declared } = JSON.parse(
  await readFile(new URL('../../package.json', import.meta.url), 'utf8')
) as { readonly exports: Readonly<Record<string, unknown>> }
/** Every name that the package is imported by. */
const NAMES = Object.keys(declared)
  // The scripts of threads, which are no modules to import.
  .filter(path => path !== './package.json' && !path.endsWith('worker'))
  .map(path => `resnet-ts${path.slice(1)}`)
const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = (name: string): string => join(root, 'node_modules/.bin', name)
const photo = join(root, 'assets/cat.jpg')
// As the README advises for networks that do not reach the host of the CUDA libraries.
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }
let folder: string
let tarball: string

const run = async (command: string, args: readonly string[], cwd = folder): Promise<string> => {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 26 })
  return stdout
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-package-'))
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], root)
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('['))) as { filename: string }[]
  tarball = join(folder, filename)
  await writeFile(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
  await run('npm', ['install', '--no-audit', '--no-fund', tarball])
})
afterAll(() => rm(folder, { recursive: true }))

describe('the packed package', () => {
  it('is clean for publint and attw', async () => {
    expect(await run(bin('publint'), [tarball, '--strict'])).toContain('All good!')
    await run(bin('attw'), [tarball, '--profile', 'esm-only'])
  })

  it('contains only what is needed', async () => {
    const listed = await run('tar', ['-tzf', tarball])
    const files = listed.split('\n').map(path => path.replace('package/', ''))
    for (const needed of [
      'README.md',
      'LICENSE',
      'NOTICE',
      'CHANGELOG.md',
      'assets/cat.jpg',
      'dist/index.d.ts',
      'dist/explorer/index.html',
      'dist/explorer/service-worker.js',
      'dist/explorer/LICENSES.md'
    ]) {
      expect(files).toContain(needed)
    }
    const folders = new Set(files.filter(path => path.includes('/')).map(path => path.split('/')[0]))
    expect([...folders].sort()).toEqual(['assets', 'dist', 'docs', 'examples', 'licenses', 'src'])
    expect(files.filter(path => /\.test\.|testing\/|\.built|\.wasm$/.test(path))).toEqual([])
  })

  it("has the licences of all that the explorer's page and each of its workers bundle", async () => {
    const texts = await readFile(join(folder, 'node_modules/resnet-ts/dist/explorer/LICENSES.md'), 'utf8')
    const [page, lab, runtime, pasted] = ['preact', 'onnx-buf', 'onnxruntime-web', 'acorn']
    for (const name of [page, lab, runtime, pasted])
      expect(texts).toMatch(new RegExp(`^${name} \\d.* \\(`, 'm'))
  })

  it('has every file that its pages link to', async () => {
    const installed = join(folder, 'node_modules/resnet-ts')
    const pages = (await readdir(installed, { recursive: true })).filter(path => path.endsWith('.md'))
    expect(pages).toContain('docs/tour.md')
    for (const page of pages) {
      const text = await readFile(join(installed, page), 'utf8')
      for (const [, link] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        const target = join(installed, dirname(page), link)
        await expect(access(target), `${page} links to ${link}`).resolves.toBeUndefined()
      }
    }
  })

  it('is imported by every name it declares', async () => {
    const script = `
      const parts = await Promise.all(${JSON.stringify(NAMES)}.map(name => import(name)))
      console.log(parts.every(part => Object.keys(part).length > 0))
    `
    await writeFile(join(folder, 'parts.js'), script)
    expect(NAMES).toHaveLength(11)
    expect(await run(process.execPath, ['parts.js'])).toBe('true\n')
  })

  it('works from JavaScript', async () => {
    const script = `
      import { classifier, manualSeed, resnet18 } from 'resnet-ts'
      manualSeed(0)
      const classify = await classifier(resnet18())
      console.log(JSON.stringify(await classify(${JSON.stringify(photo)}, { topK: 2 })))
    `
    await writeFile(join(folder, 'use.js'), script)
    const answers = JSON.parse(await run(process.execPath, ['use.js'])) as { index: number; score: number }[]
    expect(answers).toHaveLength(2)
    expect(answers[0].score).toBeGreaterThan(answers[1].score)
  })

  it('compiles from strict TypeScript, including its own types', async () => {
    const script = `
      import { compile, Module, rand, Residual, Sequential, ReLU, type Tensor, type Value, Conv2d, Gated, Sigmoid } from 'resnet-ts'
      class Tiny extends Module {
        body = new Residual(new Sequential(new Conv2d(3, 3, 3, { padding: 1 }), new ReLU()))
        gate = new Gated(new Sequential(new Conv2d(3, 3, 1), new Sigmoid()))
        forward(x: Value): Value { return this.gate(this.body(x)) }
      }
      const run = await compile(new Tiny(), { input: ['N', 3, 8, 8], outputs: ['body'] })
      const { logits, body } = await run(rand([2, 3, 8, 8]))
      const both: readonly Tensor<'float32'>[] = [logits, body]
      console.log(both.map(String).join(' '))
    `
    await writeFile(join(folder, 'use.ts'), script)
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler']
    ]) {
      const options = {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        outDir: 'out'
      }
      const config = {
        ...options,
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2023', 'dom', 'esnext.disposable']
      }
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...config, types: [] }, files: ['use.ts'] })
      )
      await run(bin('tsc'), ['-p', '.'])
      expect(await run(process.execPath, ['out/use.js'])).toBe('float32[2, 3, 8, 8] float32[2, 3, 8, 8]\n')
    }
  })

  it('bundles for a browser without Node code', async () => {
    await writeFile(
      join(folder, 'page.js'),
      NAMES.map((name, i) => `export * as part${i} from '${name}'`).join('\n')
    )
    const { outputFiles, warnings } = await build({
      absWorkingDir: folder,
      entryPoints: ['page.js'],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent'
    })
    expect(warnings).toEqual([])
    expect(outputFiles[0].text).not.toMatch(/onnxruntime-node|from ?["'](node:|sharp)/)
  })

  it("includes the explorer's page", async () => {
    const resnet = join(folder, 'node_modules/.bin/resnet')
    expect(await run(resnet, ['explore', '--out', 'site'])).toBe('site: the explorer, for any web server\n')
    const page = await readFile(join(folder, 'site/index.html'), 'utf8')
    const [script] = /assets\/index-[^"]*\.js/.exec(page) ?? ['none']
    // It is always the production build, which works offline.
    expect(await readFile(join(folder, 'site', script), 'utf8')).toContain('service-worker.js')
    expect(await readdir(join(folder, 'site/runtime'))).toHaveLength(2)
  })

  it('includes the command', async () => {
    const resnet = join(folder, 'node_modules/.bin/resnet')
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await run(resnet, ['--version'])).toBe(`${version}\n`)
    const answers = await run(resnet, ['predict', photo, '--seed', '0', '--json', '--top', '1'])
    expect(JSON.parse(answers)).toMatchObject([
      { image: photo, top: [{ label: expect.any(String) as string }] }
    ])
  })
})
