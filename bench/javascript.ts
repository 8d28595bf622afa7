// Steps of training against the libraries that train in JavaScript without native code.
import { raceLesson, type Race } from './lesson-race.js'

// Imported when it is their turn: what is not installed or does not run here is found out then.
const PEERS: Race['peers'] = {
  '@tensorflow/tfjs-backend-cpu': async lesson => (await import('./tfjs-learner.js')).startTfjs(lesson),
  '@jax-js/jax': async lesson => (await import('./jax-learner.js')).startJax(lesson)
}

/** Times whole steps of a small network in this process. */
export async function benchJavaScript(): Promise<void> {
  await raceLesson({ where: 'against JavaScript', peers: PEERS, goal: 20 })
}
