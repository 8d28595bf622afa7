// Each way to deploy that docs/deploy.md describes, with the page's own files and commands, on the packed package.
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resnet18, writeWeights } from 'resnet-ts'
import { hasBrowser, launching } from '../support/chromium.js'
import {
  NEXT_APP,
  NEXT_SAID,
  READS,
  RUNS_IN_TEST,
  SVELTE_APP,
  SVELTE_SAID,
  USE,
  USED
} from '../support/deployed-sources.js'
import { readPage, ROOT } from '../support/docs-folder.js'
import { savedAs } from '../support/docs-pages.js'
import { codeBlocks } from '../support/markdown-blocks.js'
import { PackedApp } from '../support/packed-app.js'
import { startStaticServer } from '../support/static-server.js'
import { serveFolder } from '../support/static-site.js'

/** What the page's `own-files.js` prints, unless a bundler has given the class another name. */
const FILES_SAID = '1797 CifarResNet\n'
/** The server's weights, random ones: what they answer is not looked at. */
const WEIGHTS = 'resnet18.safetensors'
const blocks = codeBlocks(await readPage('docs/deploy.md'))
const photo = await readFile(join(ROOT, 'assets/cat.jpg'))
const isLinux = process.platform === 'linux' && process.arch === 'x64'
let app: PackedApp

/** Runs the page's commands of this name. */
function runNamed(name: string, env: NodeJS.ProcessEnv = {}, edit = (code: string) => code): Promise<string> {
  const block = blocks.find(({ flags }) => flags.includes(`as=${name}`))
  if (!block) throw new Error(`docs/deploy.md has no commands for ${name}`)
  return app.run('bash', ['-euc', edit(block.code)], { env })
}

async function predicted(url: string): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body: photo, headers: { 'content-type': 'image/jpeg' } })
  return answer.json()
}

/** A visitor who leaves before the picture is sent. */
async function abandonRequest(url: string): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc')
  await setTimeout(100)
  socket.destroy()
  await once(socket, 'close')
}

/** What a page says until it is done. */
async function linesIn(url: string): Promise<string[]> {
  const browser = await chromium.launch(launching())
  try {
    const page = await browser.newPage()
    await page.goto(url)
    const out = page.locator('#out')
    await out.filter({ hasText: /done\s*$/ }).waitFor({ timeout: 120_000 })
    return (await out.innerText()).trim().split('\n')
  } finally {
    await browser.close()
  }
}

const FIVE = Array.from({ length: 5 }, () => ({ label: expect.any(String) as string }))

beforeAll(async () => {
  const tools = isLinux ? ['@deno/linux-x64-glibc', '@oven/bun-linux-x64'] : []
  const compilers = ['ts56@npm:typescript@5.6', 'ts57@npm:typescript@5.7', '@types/node@20']
  const bundlers = ['next', 'react', 'react-dom', 'webpack', 'webpack-cli', 'jest']
  // The adapter's next version is for the next kit.
  const kit = [
    '@sveltejs/kit@2',
    '@sveltejs/adapter-node@5',
    '@sveltejs/vite-plugin-svelte',
    'svelte',
    'vite'
  ]
  app = await PackedApp.install([...bundlers, ...kit, ...compilers, ...tools])
  for (const block of blocks) {
    const name = savedAs(block)
    if (name !== undefined) await app.write({ [name]: block.code })
  }
  await writeWeights(join(app.folder, WEIGHTS), resnet18().stateDict())
  await app.write({ 'use.js': USE, 'photos/cat/1.jpg': photo })
})
afterAll(() => app.remove())

describe('docs/deploy.md', () => {
  it('has no commands and no files that are not tried here', async () => {
    const tests = await readFile(new URL(import.meta.url), 'utf8')
    const named = blocks.flatMap(({ flags }) => flags.filter(flag => flag.startsWith('as=')))
    for (const flag of named) expect(tests).toContain(`'${flag.slice('as='.length)}'`)
    for (const block of blocks) {
      const isTried = block.language === 'dockerfile' || block.flags.some(flag => /^(as|save)=/.test(flag))
      expect(isTried, `line ${block.line}`).toBe(true)
    }
  })

  it('a server behind one classifier', async () => {
    const answers = await app.whileServing(['node', 'server.js'], async url => {
      await abandonRequest(url)
      const refused = await fetch(url, { method: 'POST', body: 'no image' })
      expect([refused.status, await refused.text()]).toEqual([
        400,
        expect.stringContaining('the given bytes: ')
      ])
      const large = await fetch(url, { method: 'POST', body: new Uint8Array(30e6) })
      expect([large.status, await large.text()]).toEqual([400, 'more than 20 MB'])
      return Promise.all([predicted(url), predicted(url)])
    })
    expect(answers).toMatchObject([FIVE, FIVE])
  })

  it.skipIf(!isLinux)('a network starts threads, unless its engine has one, and ends them', async () => {
    await app.write({
      'threads.js': `
        import { readdirSync } from 'node:fs'
        import { compile, createEngine, rand, resnet18 } from 'resnet-ts'
        const threads = () => readdirSync('/proc/self/task').length
        const open = async engine => {
          const run = await compile(resnet18(), { input: ['N', 3, 32, 32], ...(engine ? { engine } : {}) })
          await run(rand([1, 3, 32, 32]))
          return run
        }
        await open()
        const one = threads()
        const second = await open()
        const two = threads()
        await second.dispose()
        const disposed = threads()
        const engine = createEngine({ threads: 1 })
        await open(engine)
        const single = threads()
        await open(engine)
        console.log(JSON.stringify({ added: two - one, left: disposed - one, addedSingle: threads() - single }))
      `
    })
    // ONNX Runtime counts cores, of which each may be several processors.
    const { added, left, addedSingle } = JSON.parse(await app.run('node', ['threads.js'])) as Record<
      string,
      number
    >
    expect({ left, addedSingle }).toEqual({ left: 0, addedSingle: 0 })
    expect(added).toBeLessThan(availableParallelism())
    if (availableParallelism() > 2) expect(added).toBeGreaterThan(0)
  })

  it('esbuild with external packages', async () => {
    await runNamed('esbuild-external')
    expect(await app.whileServing(['node', 'out/server.mjs'], predicted)).toMatchObject(FIVE)
  })

  it('esbuild with the workers as entries', async () => {
    await runNamed('esbuild-entries')
    const run = (): Promise<string> => app.run('node', ['out/own-workers.mjs'])
    expect(await run()).toBe('float32[1, 1000]\n')
    await rm(join(app.folder, 'out/loader-worker.mjs'))
    await expect(run()).rejects.toThrow(
      /a worker thread cannot start: Cannot find module .*createLoader\(…, \{ worker \}\).*\(docs\/deploy\.md\)/
    )
    await rm(join(app.folder, 'out/worker.mjs'))
    await expect(run()).rejects.toThrow(
      /The engine's worker cannot start: Cannot find module .*createEngine\(\{ worker \}\) \(docs\/deploy\.md\)/
    )
  })

  it("esbuild with the package's own files", async () => {
    await runNamed('esbuild-files')
    const run = (): Promise<string> => app.run('node', ['out/own-files.mjs'])
    expect(await run()).toBe(FILES_SAID)
    await rm(join(app.folder, 'out/digits.idx.gz'))
    await expect(run()).rejects.toThrow(/out\/digits\.idx\.gz: no such file/)
    // Without a name for them they are looked for where the library would be.
    await app.write({ 'lost.js': "import { digits } from 'resnet-ts'\nawait digits()" })
    await runNamed('esbuild-files', {}, code => code.replace('own-files.js', 'lost.js'))
    await expect(app.run('node', ['out/lost.mjs'])).rejects.toThrow(
      /no such file; if a bundler has left it behind, copy it and name it, digits\(\{ file \}\) \(docs\/deploy\.md\)/
    )
  })

  it.skipIf(!hasBrowser)('esbuild for a page', async () => {
    await runNamed('esbuild-page')
    await app.write({ 'reads.js': READS })
    await app.run('esbuild', ['reads.js', '--bundle', '--format=esm', '--outfile=public/reads.js'])
    const pageOf = (script: string): string =>
      `<!doctype html><meta charset="utf-8"><body><script type="module" src="${script}"></script></body>`
    await app.write({ 'page.html': pageOf('page.js'), 'reads.html': pageOf('reads.js') }, 'public')
    const site = await serveFolder(join(app.folder, 'public'), { isolated: true })
    try {
      const warnings: string[] = []
      for (const [path, said] of [
        ['page.html', 'float32[1, 1000]'],
        ['reads.html', 'float32[2, 1, 1, 1] and 1797 digits']
      ]) {
        const page = await site.open(path)
        page.on('console', message => {
          if (message.type() === 'warning') warnings.push(message.text())
        })
        await page.getByText(said).waitFor({ timeout: 60_000 })
      }
      // A page with one thread would say so.
      expect(warnings).toEqual([])
    } finally {
      await site.close()
    }
  })

  it('webpack with the package external', async () => {
    await runNamed('webpack-external')
    expect(await app.whileServing(['node', 'out/packed.mjs'], predicted)).toMatchObject(FIVE)
  })

  it('webpack with the workers as entries', async () => {
    expect(await runNamed('webpack-entries')).not.toContain('WARNING')
    expect(await app.run('node', ['packed/own-workers.mjs'])).toBe('float32[1, 1000]\n')
    expect(await app.run('node', ['packed/own-files.mjs'])).toBe(FILES_SAID)
  })

  it.skipIf(!isLinux).each(['deno', 'bun'])('%s', async name => {
    expect(await runNamed(name)).toBe(USED)
  })

  it.skipIf(!isLinux)('Deno where weights are downloaded', async () => {
    const server = await startStaticServer(join(app.folder, 'photos'), false)
    try {
      await app.write({
        'download.js': `
          import { fetchWeights } from 'resnet-ts/weights'
          console.log(await fetchWeights('${server.address}cat/1.jpg', { retries: 0 }))
        `
      })
      const download = (without = ''): Promise<string> => {
        const env = { RESNET_TS_CACHE: join(app.folder, `cache${without}`) }
        return runNamed('deno-download', env, code => code.replace(without, ''))
      }
      expect(await download()).toMatch(/cache.*1\.jpg\n$/)
      for (const flag of ['--allow-write', '--allow-net']) await expect(download(flag)).rejects.toThrow(flag)
    } finally {
      await server.stop()
    }
  })

  it('TypeScript from 5.7, and an older one with skipLibCheck', async () => {
    await app.write({
      'typed/use.ts': `
        import { classifier, resnet18 } from 'resnet-ts'
        const classify = await classifier(resnet18())
        const answers: readonly { readonly label: string }[] = await classify('dog.jpg', { topK: 5 })
        console.log(answers)
      `
    })
    const options =
      '--noEmit --strict --target es2022 --module nodenext --types node --skipDefaultLibCheck --skipLibCheck'.split(
        ' '
      )
    const compiled = (version: string, skips: boolean): Promise<string> =>
      app.run('node', [`node_modules/${version}/bin/tsc`, ...options, String(skips), 'typed/use.ts'])
    expect(await compiled('ts57', false)).toBe('')
    expect(await compiled('ts56', true)).toBe('')
    await expect(compiled('ts56', false)).rejects.toMatchObject({
      stdout: expect.stringMatching(/^node_modules\/resnet-ts\/dist\/.* error TS/) as string
    })
  })

  it("Vitest's vmThreads", async () => {
    const vitest = JSON.stringify(join(ROOT, 'node_modules/vitest/dist/index.js'))
    await app.write({ 'test/use.vitest.test.js': `import { expect, test } from ${vitest}${RUNS_IN_TEST}` })
    expect(await runNamed('vitest')).toContain('1 passed')
  })

  it('Jest', async () => {
    await rm(join(app.folder, 'test'), { recursive: true, force: true })
    await app.write({ 'test/use.test.js': RUNS_IN_TEST })
    const answer = await runNamed('jest', {}, code => `${code.trimEnd()} --json`)
    expect(JSON.parse(answer)).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
  })
})

/** A step of the page's Dockerfile. */
type Step = readonly [instruction: string, argument: string]

describe('the Dockerfile', () => {
  const file = blocks.find(({ language }) => language === 'dockerfile')?.code ?? ''
  const steps = file
    .trim()
    .split('\n')
    .map((line): Step => {
      const [, instruction, argument] = /^(\w+) (.*)$/.exec(line) ?? ['', line, '']
      return [instruction, argument]
    })

  it.skipIf(!isLinux)('makes a folder in which its command serves', async () => {
    const image = await mkdtemp(join(tmpdir(), 'resnet-ts-image-'))
    try {
      // What docker would copy from, and into.
      const context = join(image, 'context')
      const root = join(image, 'root')
      const manifest = { private: true, type: 'module', dependencies: { 'resnet-ts': `file:${app.tarball}` } }
      await mkdir(context)
      await writeFile(join(context, 'package.json'), JSON.stringify(manifest))
      for (const name of ['server.js', WEIGHTS]) await cp(join(app.folder, name), join(context, name))
      const env: NodeJS.ProcessEnv = { npm_config_prefer_offline: 'true' }
      let folder = root
      let command: readonly string[] = []
      for (const [instruction, argument] of steps) {
        switch (instruction) {
          case 'FROM':
            // Debian has glibc; the kernels' oldest Node is the package's.
            expect(argument).toMatch(/^node:(2[2-9])-slim$/)
            break
          case 'WORKDIR':
            folder = join(root, argument)
            await mkdir(folder, { recursive: true })
            break
          case 'ENV': {
            const [, name, value] = /^(\w+)=(\S+)$/.exec(argument) ?? []
            env[name] = value
            break
          }
          case 'COPY': {
            const names = argument.split(' ')
            const to = names.pop() ?? ''
            for (const name of names) await cp(join(context, name), join(folder, to, name))
            break
          }
          case 'RUN':
            await app.run('bash', ['-euc', argument], { cwd: relative(app.folder, folder), env })
            break
          case 'CMD':
            command = JSON.parse(argument) as string[]
            break
          default:
            throw new Error(`what does ${instruction} ${argument} do?`)
        }
      }
      expect(await app.whileServing(command, predicted, folder)).toMatchObject(FIVE)
      const kernels = join(folder, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64')
      expect((await readdir(kernels)).filter(name => name.includes('cuda'))).toEqual([])
      // Alpine has no glibc, whose symbols these name.
      expect(await readFile(join(kernels, 'onnxruntime_binding.node'), 'latin1')).toContain('GLIBC_2.')
    } finally {
      await rm(image, { recursive: true })
    }
  })
})

describe.skipIf(!hasBrowser)('SvelteKit', () => {
  it('predicts on the server and runs in the page', async () => {
    await app.write(SVELTE_APP, 'kit')
    await cp(join(app.folder, 'svelte.config.js'), join(app.folder, 'kit/svelte.config.js'))
    await app.run('vite', ['build'], { cwd: 'kit' })
    const [answer, lines] = await app.whileServing(['node', 'kit/build/index.js'], async url => [
      await predicted(`${url}/api`),
      await linesIn(url)
    ])
    expect(answer).toMatchObject(FIVE)
    expect(lines).toEqual(SVELTE_SAID)
  })
})

describe.skipIf(!hasBrowser || !isLinux)('Next.js with Turbopack', () => {
  beforeAll(async () => {
    await app.write(NEXT_APP)
    await app.run('next', ['build'])
    const standalone = join(app.folder, '.next/standalone/.next/static')
    await cp(join(app.folder, '.next/static'), standalone, { recursive: true })
  })

  it('predicts on the server, from what standalone copied', async () => {
    const away = await mkdtemp(join(tmpdir(), 'resnet-ts-standalone-'))
    try {
      await cp(join(app.folder, '.next/standalone'), away, { recursive: true, verbatimSymlinks: true })
      const answer = await app.whileServing(['node', join(away, 'server.js')], url =>
        predicted(`${url}/api/predict`)
      )
      expect(answer).toMatchObject(FIVE)
    } finally {
      await rm(away, { recursive: true })
    }
  })

  it('predicts, trains and loads in the page, with threads', async () => {
    expect(await app.whileServing(['node', '.next/standalone/server.js'], linesIn)).toEqual(NEXT_SAID)
  })
})
