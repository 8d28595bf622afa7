// Times training steps against other libraries, after checking that their losses agree.
import { createTrainer, sgd, type Engine } from 'resnet-ts'
import { LEARNING_RATE, lessonNet, makeLesson, MOMENTUM, type Learner, type Lesson } from './lesson.js'
import { compare, timed } from './statistics.js'

const BATCH = 4
const SIZE = 32
const WORK = `cifar_resnet8 at ${SIZE}, batch ${BATCH}`

/** The largest relative difference between a peer's losses and ours. */
const TOLERANCE = 1e-3

/** Options of a comparison. */
export interface Race {
  /** The environment, for the printed title. */
  readonly where: string
  /** Prepares each peer, by name; one that throws is skipped. */
  readonly peers: Readonly<Record<string, (lesson: Lesson) => Promise<Learner>>>
  readonly goal: number
  /** Our engine; default the shared one. */
  readonly engine?: Engine
}

/** Times training steps of a small network; prints why a peer is skipped. */
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
        `  ${name.padEnd(44)} losses ${losses.join(', ')}   ${isSame ? 'equal' : 'DIFFERENT, not timed'}`
      )
      if (isSame) peers.push(peer)
    } catch (error) {
      console.log(`  ${name}: skipped (${String(error).split('\n', 1)[0]})`)
    }
  }
  await compare(
    `training step, ${WORK}, ${where}`,
    { name: ours.name, sample: () => timed(ours.step, 20) },
    // The peers' steps take seconds and are warmed up: one is enough.
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

/** The losses before and after the first update: the second agrees only if gradients and updates do. */
async function firstLosses({ step }: Learner): Promise<number[]> {
  return [await step(), await step()]
}

async function once(run: () => Promise<unknown>): Promise<number[]> {
  const start = performance.now()
  await run()
  return [performance.now() - start]
}
