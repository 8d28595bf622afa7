// What every JavaScript library is given to learn: one batch, by one small residual network, from the same weights.
import { manualSeed, rand, type FloatTensor } from 'resnet-ts/functional'
import { cifar_resnet8, type CifarResNet } from 'resnet-ts/models'

export const CLASSES = 10
export const LEARNING_RATE = 0.01
export const MOMENTUM = 0.9
/** What batch normalisation adds to the variance. */
export const EPSILON = 1e-5
/** The stages of the network: one block each, which shrinks the image by the stride. */
export const STAGES = [
  { name: 'layer1', stride: 1 },
  { name: 'layer2', stride: 2 },
  { name: 'layer3', stride: 2 }
] as const

/** The weights to begin with, and a batch. */
export interface Lesson {
  /** By torch's names. */
  readonly weights: ReadonlyMap<string, FloatTensor>
  readonly images: FloatTensor
  readonly labels: readonly number[]
}

/** One library at its lesson. */
export interface Learner {
  readonly name: string
  /** Forward pass, loss, gradients and SGD with momentum; gives the loss before the update. */
  step(): Promise<number>
  dispose(): Promise<void>
}

/** The network. Where it halves the image, a projection carries the identity: that is a convolution anywhere. */
export function lessonNet(): CifarResNet {
  manualSeed(0)
  return cifar_resnet8({ numClasses: CLASSES, shortcut: 'B' })
}

/** A lesson with images of noise. */
export function makeLesson(batch: number, size: number): Lesson {
  const parameters = [...lessonNet().namedParameters()]
  return {
    weights: new Map(parameters.map(([name, { data }]) => [name, data])),
    images: rand([batch, 3, size, size]),
    labels: Array.from({ length: batch }, (_, i) => i % CLASSES)
  }
}
