// Steps of one lesson against other libraries', once their losses have shown that they do the same work.
import { createTrainer, sgd, type Engine } from 'resnet-ts'
import { LEARNING_RATE, lessonNet, makeLesson, MOMENTUM, type Learner, type Lesson } from './lesson.js'
import { compare, timed } from './statistics.js'

const BATCH = 4
const SIZE = 32
const WORK = `cifar_resnet8 at ${SIZE}, batch ${BATCH}`

/** How far, as a share, a peer's losses may lie from ours for the work to be the same. */
const TOLERANCE = 1e-3

/** Who races, and where. */
export interface Race {
  /** Where it takes place, as the printed title says it. */
  readonly where: string
  /** How each peer, by name, gets ready to learn. It may throw: then it cannot. */
  readonly peers: Readonly<Record<string, (lesson: Lesson) => Promise<Learner>>>
  readonly goal: number
  /** What ours trains on; default the process's own. */
  readonly engine?: Engine
}

/** Times whole steps of a small network. What a library cannot do is said, with the reason. */
export async function raceLesson({ where, peers: starts, goal, engine }: Race): Promise<void> {
  console.log(`\n${where}: ${WORK}, from the same weights`)
  const lesson = makeLesson(BATCH, SIZE)
  const ours = await startOurs(lesson, engine)
  const expected = await firstLosses(ours)
  console.log(`  ${ours.name.padEnd(44)} losses ${expected.join(', ')}`)
  const peers: Learner[] = []
  for (const [name, start] of Object.entries(starts)) {
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
    `training step, ${WORK}, ${where}`,
    { name: ours.name, sample: () => timed(ours.step, 20) },
    // Theirs take seconds, and have been warmed up: one is enough.
    peers.map(({ name, step }) => ({ name, goal, sample: () => once(step) })),
    3
  )
  for (const learner of [ours, ...peers]) await learner.dispose()
}

async function startOurs({ images, labels }: Lesson, engine: Engine | undefined): Promise<Learner> {
  const optimizer = sgd({ lr: LEARNING_RATE, momentum: MOMENTUM })
  const trainer = await createTrainer(lessonNet(), { optimizer, ...(engine && { engine }) })
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
