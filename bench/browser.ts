// Benchmarks in a browser: builds bench/page/ with Vite, serves it with the headers for threads (COOP and COEP), and
// forwards the page's console, which prints the results.
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { hasBrowser } from '../test/support/chromium.js'
import { serveFolder } from '../test/support/static-site.js'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Times resnet18 and training steps on WebAssembly. */
export async function benchBrowser(files: {
  readonly onnx: string
  readonly weights: string
}): Promise<void> {
  if (!hasBrowser) {
    console.log('\nin a browser: skipped, because there is no Chromium (set CHROMIUM=/path/to/chromium)')
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-bench-page-'))
  try {
    await buildPage(folder)
    await copyFile(files.onnx, join(folder, 'resnet18.onnx'))
    await copyFile(files.weights, join(folder, 'resnet18.pth'))
    await measure(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: here('page'),
    base: './',
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: Infinity }
  })
}

async function measure(folder: string): Promise<void> {
  const site = await serveFolder(folder, { isolated: true })
  try {
    const page = await site.open()
    page.on('console', message => console.log(message.text()))
    await page.evaluate(() => window.bench())
  } finally {
    await site.close()
  }
}
