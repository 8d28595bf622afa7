// Steps of training against the libraries that train in JavaScript without native code.
import { createTrainer, sgd } from 'resnet-ts'
import { LEARNING_RATE, lessonNet, makeLesson, MOMENTUM, type Learner, type Lesson } from './lesson.js'
import { compare, timed } from './statistics.js'

const BATCH = 4
const SIZE = 32

/** How far, as a share, a peer's losses may lie from ours for the work to be the same. */
const TOLERANCE = 1e-3

// Imported when it is their turn: what is not installed or does not run here is found out then.
const PEERS: Readonly<Record<string, (lesson: Lesson) => Promise<Learner>>> = {
  '@tensorflow/tfjs-backend-cpu': async lesson => (await import('./tfjs-learner.js')).startTfjs(lesson),
  '@jax-js/jax': async lesson => (await import('./jax-learner.js')).startJax(lesson)
}

/** Times whole steps of a small network. What a library cannot do is said, with the reason. */
export async function benchJavaScript(): Promise<void> {
  console.log(`\nagainst JavaScript: cifar_resnet8 at ${SIZE}, batch ${BATCH}, from the same weights`)
  const lesson = makeLesson(BATCH, SIZE)
  const ours = await startOurs(lesson)
  const expected = await firstLosses(ours)
  console.log(`  ${ours.name.padEnd(44)} losses ${expected.join(', ')}`)
  const peers: Learner[] = []
  for (const [name, start] of Object.entries(PEERS)) {
    try {
      const peer = await start(lesson)
      const losses = await firstLosses(peer)
      const distance = Math.max(...losses.map((loss, i) => Math.abs(loss / expected[i] - 1)))
      const isSame = distance <= TOLERANCE
      console.log(
        `  ${name.padEnd(44)} losses ${losses.join(', ')}   ${isSame ? 'the same' : 'DIFFERENT, so not timed'}`
      )
      if (isSame) peers.push(peer)
    } catch (error) {
      console.log(`  ${name}: cannot (${String(error).split('\n', 1)[0]})`)
    }
  }
  await compare(
    `training step, cifar_resnet8 at ${SIZE}, batch ${BATCH}`,
    { name: ours.name, sample: () => timed(ours.step, 20) },
    // Theirs take seconds, and have been warmed up: one is enough.
    peers.map(({ name, step }) => ({ name, goal: 20, sample: () => once(step) })),
    3
  )
  for (const learner of [ours, ...peers]) await learner.dispose()
}

async function startOurs({ images, labels }: Lesson): Promise<Learner> {
  const optimizer = sgd({ lr: LEARNING_RATE, momentum: MOMENTUM })
  const trainer = await createTrainer(lessonNet(), { optimizer })
  return {
    name: 'resnet-ts',
    step: async () => (await trainer.step({ images, labels })).loss,
    dispose: () => trainer.dispose()
  }
}

/** The loss before and after the first update: the second agrees only where gradients and updates do. */
async function firstLosses({ step }: Learner): Promise<number[]> {
  return [await step(), await step()]
}

async function once(run: () => Promise<unknown>): Promise<number[]> {
  const start = performance.now()
  await run()
  return [performance.now() - start]
}
