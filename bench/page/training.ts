// Training steps on WebAssembly, against jax-js.
import { createEngine } from 'resnet-ts'
import { startJax } from '../jax-learner.js'
import { raceLesson } from '../lesson-race.js'

/** Times training steps of a small network in this page. */
export async function benchTraining(threads: number): Promise<void> {
  await using engine = createEngine({ device: 'cpu', threads })
  await raceLesson({ where: 'in Chromium on wasm', peers: { '@jax-js/jax': startJax }, goal: 5, engine })
}
