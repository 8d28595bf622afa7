// Which browser the tests use: Debian's Chromium, or the one that CHROMIUM names.
import { existsSync } from 'node:fs'
import type { LaunchOptions } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Tests are skipped where there is none. */
export const hasBrowser = existsSync(CHROMIUM)

/** WebGPU, computed in software. */
export const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
/** So little memory that WebAssembly has room for the runtime and for a small network, not for ResNet-18. */
export const LITTLE_MEMORY = ['--js-flags=--wasm-max-mem-pages=700']

/** How it is started. @param args more for its command line. */
export function launching(args: readonly string[] = []): LaunchOptions {
  return { executablePath: CHROMIUM, args: ['--no-sandbox', ...args] }
}
