// Training steps against JavaScript libraries that train without native code.
import { raceLesson, type Race } from './lesson-race.js'

// Imported lazily, so that a library that is missing or does not run here does not stop the others.
const PEERS: Race['peers'] = {
  '@tensorflow/tfjs-backend-cpu': async lesson => (await import('./tfjs-learner.js')).startTfjs(lesson),
  '@jax-js/jax': async lesson => (await import('./jax-learner.js')).startJax(lesson)
}

/** Times training steps of a small network in this process. */
export async function benchJavaScript(): Promise<void> {
  await raceLesson({ where: 'against JavaScript', peers: PEERS, goal: 20 })
}
