// The browser of the tests: Debian's Chromium, or the one in the environment variable CHROMIUM.
import { existsSync } from 'node:fs'
import type { LaunchOptions } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Browser tests are skipped without one. */
export const hasBrowser = existsSync(CHROMIUM)

/** WebGPU, emulated in software. */
export const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
/** A memory limit with room for the runtime and a small network, but not for ResNet-18. */
export const LITTLE_MEMORY = ['--js-flags=--wasm-max-mem-pages=700']

/** Launch options. @param args more command-line arguments. */
export function launching(args: readonly string[] = []): LaunchOptions {
  return { executablePath: CHROMIUM, args: ['--no-sandbox', ...args] }
}
