import { playwright } from '@vitest/browser-playwright'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { faultServer } from './test/browser/fault-server.js'
import * as hubCommands from './test/browser/hub-in-node.js'
import * as commands from './test/browser/in-node.js'
import { launching, WEBGPU } from './test/support/chromium.js'

const built = (path: string): string => fileURLToPath(new URL(`./dist/${path}`, import.meta.url))

// What is promised of browsers, in a real one: Debian's Chromium, or the one that CHROMIUM names.
export default defineConfig({
  plugins: [faultServer()],
  resolve: {
    alias: [
      { find: /^resnet-ts$/, replacement: built('index.js') },
      { find: /^resnet-ts\/(\w+)$/, replacement: built('api/$1.js') }
    ]
  },
  // Its files find each other by their place.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp'
    }
  },
  test: {
    include: [
      'test/browser/**/*.test.ts',
      // Harmful files are no different there.
      'src/weights/{pickle/unpickle,pth/pth-legacy,safetensors/safetensors}.test.ts'
    ],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: launching(WEBGPU)
      }),
      commands: { ...commands, ...hubCommands },
      instances: [{ browser: 'chromium' }]
    }
  }
})
