// Each way to deploy that docs/deploy.md describes, with the page's own files and commands, on the packed package.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasBrowser, launching } from '../support/chromium.js'
import { readPage, ROOT } from '../support/docs-folder.js'
import { savedAs } from '../support/docs-pages.js'
import { codeBlocks } from '../support/markdown-blocks.js'

const blocks = codeBlocks(await readPage('docs/deploy.md'))
const photo = await readFile(join(ROOT, 'assets/cat.jpg'))
const isLinux = process.platform === 'linux' && process.arch === 'x64'
let folder: string

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  NEXT_TELEMETRY_DISABLED: '1',
  PATH: [
    join(folder, 'node_modules/@deno/linux-x64-glibc'),
    join(folder, 'node_modules/@oven/bun-linux-x64/bin'),
    join(ROOT, 'node_modules/.bin'),
    process.env.PATH
  ].join(delimiter)
})

async function run(command: string, args: readonly string[], cwd = folder): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env: environment(), maxBuffer: 2 ** 26 })
  return stdout
}

/** Runs the page's commands of this name. */
function runNamed(name: string): Promise<string> {
  const block = blocks.find(({ flags }) => flags.includes(`as=${name}`))
  if (!block) throw new Error(`docs/deploy.md has no commands for ${name}`)
  return run('bash', ['-euc', block.code])
}

/** Starts a server on a port, calls it, and stops it. */
async function whileServing<T>(script: string, port: number, use: (url: string) => Promise<T>): Promise<T> {
  const env = { ...environment(), PORT: String(port), HOSTNAME: 'localhost' }
  const server = spawn(process.execPath, [script], { cwd: folder, env, stdio: 'ignore' })
  const url = `http://localhost:${port}`
  try {
    for (let tries = 0; ; tries++) {
      const isUp = await fetch(url).then(
        () => true,
        () => false
      )
      if (isUp) return await use(url)
      if (tries > 300) throw new Error(`${script} does not listen`)
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  } finally {
    server.kill()
    if (server.exitCode === null) await once(server, 'exit')
  }
}

async function predicted(url: string): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body: photo })
  return answer.json()
}

const FIVE = Array.from({ length: 5 }, () => ({ label: expect.any(String) as string }))

const USE = `
  import { compile, createLoader, digits, rand, resnet18, toTensor } from 'resnet-ts'
  const start = performance.now()
  const run = await compile(resnet18(), { input: ['N', 3, 64, 64] })
  console.log(String(await run(rand([1, 3, 64, 64]))))
  const loader = createLoader(await digits(), { batchSize: 4, transforms: [toTensor()], workers: 1 })
  for await (const { images } of loader) {
    console.log(String(images))
    break
  }
`
const USED = 'float32[1, 1000]\nfloat32[4, 1, 8, 8]\n'

const PAGE = `'use client'
import { useEffect, useState } from 'react'
import { compile, createEngine, createLoader, createTrainer, digits, rand, resnet18, sgd, toTensor } from 'resnet-ts'

async function work(say) {
  const net = resnet18({ numClasses: 4 })
  const engine = createEngine({ threads: 2, device: 'cpu', onFallback: say })
  const run = await compile(net, { input: ['N', 3, 32, 32], engine })
  say(String(await run(rand([2, 3, 32, 32]))))
  const trainer = await createTrainer(net, { engine, optimizer: sgd({ lr: 0.01 }) })
  const { loss } = await trainer.step({ images: rand([2, 3, 32, 32]), labels: [0, 1] })
  say('trains ' + (loss > 0))
  const loader = createLoader(await digits(), { batchSize: 4, transforms: [toTensor()], workers: 1 })
  for await (const { images } of loader) {
    say(String(images))
    break
  }
}

export default function Page() {
  const [lines, setLines] = useState([])
  useEffect(() => {
    const say = line => setLines(before => [...before, line])
    work(say).catch(error => say(String(error))).finally(() => say('done'))
  }, [])
  return <pre id="out">{lines.join('\\n')}</pre>
}
`
const ROUTE = `import { classifier, resnet18 } from 'resnet-ts'

let opened
export async function POST(request) {
  opened ??= classifier(resnet18())
  const classify = await opened
  return Response.json(await classify(new Uint8Array(await request.arrayBuffer()), { topK: 5 }))
}
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-deploy-'))
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT)
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('['))) as { filename: string }[]
  await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }')
  const tools = isLinux ? ['@deno/linux-x64-glibc', '@oven/bun-linux-x64'] : []
  const compilers = ['ts56@npm:typescript@5.6', 'ts57@npm:typescript@5.7', '@types/node@20']
  const wanted = [`./${filename}`, 'next', 'react', 'react-dom', ...compilers, ...tools]
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...wanted])
  for (const block of blocks) {
    const name = savedAs(block)
    if (name !== undefined) await writeFile(join(folder, name), block.code)
  }
  await writeFile(join(folder, 'use.js'), USE)
})
afterAll(() => rm(folder, { recursive: true }))

describe('docs/deploy.md', () => {
  it('a server behind one classifier', async () => {
    const answers = await whileServing('server.js', 3127, url =>
      Promise.all([predicted(url), predicted(url)])
    )
    expect(answers).toMatchObject([FIVE, FIVE])
  })

  it('esbuild with external packages', async () => {
    await runNamed('esbuild-external')
    expect(await whileServing('out/server.mjs', 3128, predicted)).toMatchObject(FIVE)
  })

  it('esbuild with the worker as an entry', async () => {
    await runNamed('esbuild-entries')
    expect(await run(process.execPath, ['out/own-worker.mjs'])).toBe('float32[1, 1000]\n')
    await rm(join(folder, 'out/worker.mjs'))
    await expect(run(process.execPath, ['out/own-worker.mjs'])).rejects.toThrow(
      /The engine's worker cannot start: Cannot find module .*createEngine\(\{ worker \}\) \(docs\/deploy\.md\)/
    )
  })

  it.skipIf(!isLinux).each(['deno', 'bun'])('%s', async name => {
    expect(await runNamed(name)).toBe(USED)
  })

  it('TypeScript from 5.7, and an older one with skipLibCheck', async () => {
    const typed = `
      import { classifier, resnet18 } from 'resnet-ts'
      const classify = await classifier(resnet18())
      const answers: readonly { readonly label: string }[] = await classify('dog.jpg', { topK: 5 })
      console.log(answers)
    `
    await mkdir(join(folder, 'typed'))
    await writeFile(join(folder, 'typed/use.ts'), typed)
    const options = '--noEmit --strict --target es2022 --module nodenext --types node --skipLibCheck'.split(
      ' '
    )
    const compiled = (version: string, skips: boolean): Promise<string> =>
      run(process.execPath, [`node_modules/${version}/bin/tsc`, ...options, String(skips), 'typed/use.ts'])
    expect(await Promise.all([compiled('ts57', false), compiled('ts56', true)])).toEqual(['', ''])
  })

  it("Vitest's vmThreads", async () => {
    const test = `
      import { compile, rand, resnet18 } from 'resnet-ts'
      import { expect, test } from ${JSON.stringify(join(ROOT, 'node_modules/vitest/dist/index.js'))}
      test('runs', async () => {
        const run = await compile(resnet18(), { input: ['N', 3, 32, 32] })
        expect(String(await run(rand([1, 3, 32, 32])))).toBe('float32[1, 1000]')
      }, 60_000)
    `
    await mkdir(join(folder, 'test'))
    await writeFile(join(folder, 'test/use.test.js'), test)
    expect(await run('vitest', ['run', 'test/use.test.js'])).toContain('1 passed')
  })
})

describe.skipIf(!hasBrowser || !isLinux)('Next.js with Turbopack', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'app/api/predict'), { recursive: true })
    await writeFile(join(folder, 'app/page.js'), PAGE)
    await writeFile(join(folder, 'app/api/predict/route.js'), ROUTE)
    await writeFile(
      join(folder, 'app/layout.js'),
      'export default function Layout({ children }) { return <html><body>{children}</body></html> }'
    )
    await run('npx', ['next', 'build'])
    await cp(join(folder, '.next/static'), join(folder, '.next/standalone/.next/static'), { recursive: true })
  })

  it('predicts on the server, from what standalone copied', async () => {
    const away = await mkdtemp(join(tmpdir(), 'resnet-ts-standalone-'))
    try {
      await cp(join(folder, '.next/standalone'), away, { recursive: true, verbatimSymlinks: true })
      const answer = await whileServing(join(away, 'server.js'), 3129, url => predicted(`${url}/api/predict`))
      expect(answer).toMatchObject(FIVE)
    } finally {
      await rm(away, { recursive: true })
    }
  })

  it('predicts, trains and loads in the page, with threads', async () => {
    const lines = await whileServing('.next/standalone/server.js', 3130, async url => {
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
    })
    // A page with one thread would say so.
    expect(lines).toEqual(['float32[2, 4]', 'trains true', 'float32[4, 1, 8, 8]', 'done'])
  })
})
