import { describe, expect, it } from 'vitest'
import { readingOf } from './reading.js'
import type { EpochRecord, Metrics } from '../../train/record/record.js'

const none: Metrics = { loss: NaN, accuracy: NaN }

/** Epochs from [training loss, training accuracy, validation loss, validation accuracy]. */
function run(...rows: readonly (readonly number[])[]): EpochRecord[] {
  return rows.map(([loss, accuracy, validationLoss, validationAccuracy], i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    learningRate: 0.1,
    train: { loss, accuracy },
    ...(validationLoss === undefined
      ? {}
      : { validation: { loss: validationLoss, accuracy: validationAccuracy } }),
    seconds: 1,
    imagesPerSecond: 1
  }))
}
const ten = Array.from({ length: 10 }, (_, i) => `digit ${i}`)
const read = (
  epochs: readonly EpochRecord[],
  rest: Partial<Parameters<typeof readingOf>[0]> = {}
): ReturnType<typeof readingOf> => readingOf({ title: '', settings: {}, epochs, ...rest })

describe('the summary', () => {
  it('says how well the network does, when it did best, and the gap', () => {
    const epochs = run(
      [0.9, 0.8, 0.8, 0.85],
      [0.3, 0.9, 0.3, 0.95],
      [0.1, 0.97, 0.1, 0.97],
      [0.06, 0.99, 0.09, 0.983],
      [0.05, 0.998, 0.092, 0.981]
    )
    expect(read(epochs, { classes: ten })).toEqual({
      summary:
        'After 5 epochs the network tells 10 classes apart with 98.1 % accuracy on images it was not trained on. ' +
        'Best: epoch 4, 98.3 %. Training accuracy is 99.8 %: a gap of 1.7 points.',
      remarks: []
    })
  })

  it('takes the gap of the figures it shows', () => {
    // 99.84 − 98.06 = 1.78, but a reader sees 99.8 and 98.1.
    expect(read(run([0.1, 0.9984, 0.1, 0.9806])).summary).toContain('a gap of 1.7 points')
    expect(read(run([0.1, 0.95, 0.1, 0.981])).summary).toContain(
      'Training accuracy is 95.0 %: 3.1 points lower.'
    )
    expect(read(run([0.1, 0.981, 0.1, 0.981])).summary).toContain('there is no gap')
  })

  it('knows when nothing was measured, or not all', () => {
    expect(read([]).summary).toBe('No epoch has been completed yet.')
    expect(read(run([0.1, 0.99])).summary).toBe(
      'After 1 epoch the network reaches 99.0 % accuracy on the images it was trained on. ' +
        'How well it does on other images was not measured.'
    )
    expect(read(run([0.2, 0.9, 0.2, 0.9], [0.1, 0.99])).summary).toBe(
      'After 1 epoch the network reaches 90.0 % accuracy on images it was not trained on. ' +
        'Epoch 2 was not measured. This is its best epoch so far. ' +
        'Training accuracy is 90.0 %: there is no gap.'
    )
  })

  it('speaks of the loss where there is no accuracy', () => {
    expect(read(run([0.5, NaN, 0.25, NaN])).summary).toBe(
      'After 1 epoch the loss on images it was not trained on is 0.2500.'
    )
    const [epoch] = run([NaN, NaN])
    expect(read([{ ...epoch, validation: none }]).summary).toContain('is NaN.')
  })
})

describe('the remarks', () => {
  it('see over-fitting, and say since when', () => {
    const epochs = run([1, 0.5, 1, 0.5], [0.5, 0.8, 0.4, 0.8], [0.3, 0.9, 0.45, 0.8], [0.1, 0.99, 0.6, 0.79])
    expect(read(epochs).remarks).toEqual([
      'Since epoch 2 the validation loss has risen from 0.4000 to 0.6000, while the training loss fell ' +
        'from 0.5000 to 0.1000: the network is over-fitting. ' +
        'More data, more augmentation, more weight decay or fewer epochs may help.'
    ])
  })

  it('do not take for over-fitting what wavers, is too new, or rises with the training loss', () => {
    expect(read(run([1, 0.5, 0.4, 0.8], [0.5, 0.8, 0.41, 0.7], [0.3, 0.9, 0.41, 0.7])).remarks).toEqual([])
    expect(read(run([1, 0.5, 0.4, 0.8], [0.5, 0.8, 0.8, 0.7])).remarks).toEqual([])
    expect(read(run([1, 0.5, 0.4, 0.8], [2, 0.5, 0.8, 0.7], [3, 0.4, 0.9, 0.7])).remarks).toEqual([])
  })

  it('see a loss that is not finite', () => {
    expect(read(run([1, 0.5], [NaN, 0.1], [Infinity, 0.1])).remarks).toEqual([
      'The training loss of epoch 2 is not finite: the run diverged. ' +
        'A lower learning rate, a warm-up or clipped gradients may help.'
    ])
    expect(read(run([1, 0.5, Infinity, 0.5])).remarks).toEqual([
      'The validation loss of epoch 1 is not finite, though the training loss is.'
    ])
    expect(read([], { stepLosses: [1, NaN] }).remarks[0]).toMatch(/^Losses of single batches are not finite/)
  })

  it('see a network that guesses, and one that still learns', () => {
    expect(read(run([2.3, 0.1, 2.3, 0.104]), { classes: ten }).remarks).toEqual([
      'Guessing would be right 10.0 % of the time if all classes were equally frequent: little is learnt yet.'
    ])
    expect(read(run([1, 0.5, 1, 0.5], [0.5, 0.6, 0.5, 0.6])).remarks).toEqual([
      'The last epoch was better than every one before: more epochs may help.'
    ])
  })

  it('name the most frequent confusion, the hardest class and those never predicted', () => {
    const classes = ['T-shirt', 'shirt', 'coat']
    const confusion = [
      [900, 100, 0],
      [120, 880, 0],
      [50, 50, 0]
    ]
    expect(read([], { classes, confusion }).remarks).toEqual([
      'Most frequent confusion: shirt taken for T-shirt, 120 times (12.0 % of its images).',
      'Hardest class: coat, of which 0.0 % were found.',
      'Never predicted: coat.'
    ])
    const tie = [
      [9, 1],
      [1, 9]
    ]
    expect(read([], { classes, confusion: tie }).remarks).toEqual([
      'Most frequent confusion: T-shirt taken for shirt, 1 time (10.0 % of its images); 1 other pair as often.'
    ])
  })

  it('say so when nothing was confused, and nothing of no images', () => {
    const identity = [
      [2, 0],
      [0, 3]
    ]
    expect(read([], { confusion: identity }).remarks).toEqual([
      'None of 5 images was taken for another class.'
    ])
    expect(read([], { confusion: [] }).remarks).toEqual([])
    expect(read([], { confusion: [[0]] }).remarks).toEqual([])
  })
})
