// An app in a temporary folder that has the packed package installed, and how its commands and servers run.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './docs-folder.js'

const POLL_MS = 100
const PATIENCE_MS = 60_000

export class PackedApp {
  private constructor(
    readonly folder: string,
    /** The package's file. */
    readonly tarball: string
  ) {}

  /** @param packages what the app installs beside the package. */
  static async install(packages: readonly string[]): Promise<PackedApp> {
    const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-app-'))
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
    const { stdout } = await promisify(execFile)('npm', pack, { cwd: ROOT, maxBuffer: 2 ** 26 })
    const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string }[]
    const app = new PackedApp(folder, join(folder, filename))
    await app.write({ 'package.json': '{ "name": "app", "private": true, "type": "module" }' })
    // Peers are listed anyway: npm's own search for them takes a third of its time.
    const flags = '--no-audit --no-fund --ignore-scripts --prefer-offline --legacy-peer-deps'.split(' ')
    await app.run('npm', ['install', ...flags, `./${filename}`, ...packages])
    return app
  }

  get environment(): NodeJS.ProcessEnv {
    const bins = ['@deno/linux-x64-glibc', '@oven/bun-linux-x64/bin', '.bin'].map(name =>
      join(this.folder, 'node_modules', name)
    )
    const PATH = [...bins, join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter)
    return { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', NEXT_TELEMETRY_DISABLED: '1', PATH }
  }

  /** Writes files, by their paths in a folder of the app. */
  async write(files: Readonly<Record<string, string | Uint8Array>>, under = ''): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, under, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, content)
    }
  }

  async run(
    command: string,
    args: readonly string[],
    { cwd = '', env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}
  ): Promise<string> {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd: join(this.folder, cwd),
      env: { ...this.environment, ...env },
      maxBuffer: 2 ** 26
    })
    return stdout
  }

  /** Starts a server, by a command, on a free port, calls it, and ends it. */
  async whileServing<T>(
    [command, ...args]: readonly string[],
    use: (url: string) => Promise<T>,
    cwd = this.folder
  ): Promise<T> {
    const port = await freePort()
    const env = { ...this.environment, PORT: String(port), HOSTNAME: 'localhost' }
    const server = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    server.stderr.on('data', text => (said += String(text)))
    const url = `http://localhost:${port}`
    try {
      const start = performance.now()
      while (!(await answers(url))) {
        if (server.exitCode !== null || performance.now() - start > PATIENCE_MS)
          throw new Error(`${[command, ...args].join(' ')} does not listen: ${said}`)
        await new Promise(resolve => setTimeout(resolve, POLL_MS))
      }
      return await use(url)
    } finally {
      // Not SIGTERM, at which some servers wait for connections that a client keeps.
      server.kill('SIGKILL')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false
  )
}
