// The page that is measured. What it prints to its console is what the benchmark prints.
import { benchInference } from './inference.js'
import { benchTraining } from './training.js'

declare global {
  interface Window {
    /** Measures everything; whoever opens the page calls it. */
    bench(): Promise<void>
  }
}

window.bench = async () => {
  if (!crossOriginIsolated) throw new Error('the page is not isolated: its kernels would have one thread')
  const threads = navigator.hardwareConcurrency
  await benchInference(threads)
  await benchTraining(threads)
}
