// The benchmark page; it prints its results to the console.
import { benchInference } from './inference.js'
import { benchTraining } from './training.js'

declare global {
  interface Window {
    /** Runs all benchmarks; bench/browser.ts calls it. */
    bench(): Promise<void>
  }
}

window.bench = async () => {
  if (!crossOriginIsolated)
    throw new Error('the page is not cross-origin isolated, so WebAssembly would have one thread')
  const threads = navigator.hardwareConcurrency
  await benchInference(threads)
  await benchTraining(threads)
}
