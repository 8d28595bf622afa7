// Trains a residual network to classify handwritten digits, and its plain twin: the same layers without the shortcuts.
// Both start from the same seed and see the same images in the same order.
import { once } from 'node:events'
import {
  cifar_resnet20,
  compile,
  countLayers,
  createEngine,
  createLoader,
  createTrainer,
  digits,
  fit,
  RandomGenerator,
  makePipeline,
  manualSeed,
  oneCycleLr,
  progressLine,
  randomCrop,
  randomSplit,
  sgd,
  terminalChart,
  toTensor
} from 'resnet-ts'

const EPOCHS = 7
const BATCH = 32
const started = performance.now()
const say = text => process.stdout.write(`${text}\n`)
const percent = share => `${(100 * share).toFixed(1)} %`

const { train, validation } = randomSplit(await digits(), 0.2, 0)
const normalise = toTensor({ mean: [0.3053], std: [0.376] })
const batches = createLoader(train, {
  batchSize: BATCH,
  transforms: [randomCrop(8, { padding: 1 }), normalise],
  dropLast: true
})
const heldOut = createLoader(validation, {
  batchSize: validation.length,
  transforms: [normalise],
  shuffle: false
})

const STEPS = EPOCHS * batches.length
const isShown = process.stderr.isTTY
let stepsDone = 0

/** Trains a network; returns the loss of every batch and the validation accuracy. */
async function learn(net, engine, onEpoch) {
  const trainer = await createTrainer(net, {
    engine,
    optimizer: sgd({ lr: 0.1, momentum: 0.9, weightDecay: 1e-4 }),
    schedule: oneCycleLr(STEPS)
  })
  const losses = []
  const { epochs } = await fit(trainer, {
    train: batches,
    validation: heldOut,
    epochs: EPOCHS,
    onBatch({ position, result }) {
      losses.push(result.loss)
      stepsDone++
      if (isShown) process.stderr.write(`\r${progress(position)}\u001b[K`)
    },
    onEpoch
  })
  await trainer.stateDict()
  await trainer.dispose()
  return { losses, accuracy: epochs.at(-1).validation.accuracy }
}

/** The progress line, shared by both networks. */
function progress(position) {
  const perStep = (performance.now() - learning) / 1000 / stepsDone
  return progressLine(
    {
      epoch: position.epoch + 1,
      epochs: EPOCHS,
      step: stepsDone,
      steps: 2 * STEPS,
      loss: position.loss / position.images,
      accuracy: position.correct / position.labelled,
      imagesPerSecond: BATCH / perStep,
      secondsLeft: (2 * STEPS - stepsDone) * perStep
    },
    process.stderr.columns || 80
  )
}

/** Prints an epoch's results once both networks have finished it. */
function table(epochs) {
  const rows = Array.from({ length: epochs }, () => [])
  return column =>
    ({ epoch, train: { loss }, validation: measured }) => {
      const row = rows[epoch - 1]
      row[column] = `loss ${loss.toFixed(3)}   held out ${percent(measured.accuracy).padStart(6)}`
      if (!row[1 - column]) return
      if (isShown) process.stderr.write('\r\u001b[K')
      say(`  epoch ${epoch}/${epochs}   ${row.join('      ')}`)
    }
}

manualSeed(0)
const net = cifar_resnet20({ inChannels: 1 })
manualSeed(0)
const twin = cifar_resnet20({ inChannels: 1, residual: false })
say(String(net))
say('\nWhy 20? These layers have weights:')
for (const sum of countLayers(net).sums) say(`  ${sum}`)

say(`\n${train.length} digits to learn from, ${validation.length} held back; both learn side by side:\n`)
say(`              ${'with shortcuts, F(x) + x'.padEnd(34)}the plain twin, F(x) alone`)
// A step on images of 8 × 8 pixels is too short to benefit from a second thread, so each network has one.
const engines = [1, 2].map(() => createEngine({ threads: 1 }))
const learning = performance.now()
const after = table(EPOCHS)
const [residual, plain] = await Promise.all([
  learn(net, engines[0], after(0)),
  learn(twin, engines[1], after(1))
])

say('\nThe loss of every batch:\n')
say(
  terminalChart(
    [
      { name: 'F(x) + x', mark: '•', values: residual.losses },
      { name: 'F(x)', mark: '×', values: plain.losses }
    ],
    { width: Math.min(process.stdout.columns || 80, 100), height: 16, yLabel: 'loss' }
  )
)
say(
  `\nHeld-out digits read correctly: ${percent(residual.accuracy)} with shortcuts, ${percent(plain.accuracy)} without.`
)

say('\nThree digits that it has never seen:\n')
const classify = await compile(net, { input: ['N', 1, 8, 8], engine: engines[0] })
const prepare = makePipeline([normalise])
const pictures = [0, 100, 200].map(index => validation.source(index).picture)
for (const row of drawn(pictures)) say(`  ${row}`)
const answers = await Promise.all(
  pictures.map(async picture => {
    const input = prepare(picture, new RandomGenerator(0))
    const { data } = await classify(input.reshape([1, ...input.shape]))
    return data.indexOf(Math.max(...data))
  })
)
say(`  ${answers.map(answer => `it says ${answer}`.padEnd(19)).join('')}`)
say(`\n${((performance.now() - started) / 1000).toFixed(0)} s`)
// Wait until a pipe has received everything.
if (process.stdout.writableLength > 0) await once(process.stdout, 'drain')

/** Draws images side by side, two characters per pixel. */
function drawn(all) {
  const ink = level => ' ░▒▓█'[Math.round((level / 255) * 4)].repeat(2)
  return Array.from({ length: 8 }, (_, y) =>
    all.map(({ data }) => Array.from(data.subarray(8 * y, 8 * y + 8), ink).join('')).join('   ')
  )
}
