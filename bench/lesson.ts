// The workload for all JavaScript libraries: one batch, one small residual network, the same initial weights.
import { manualSeed, rand, type FloatTensor } from 'resnet-ts/functional'
import { cifar_resnet8, type CifarResNet } from 'resnet-ts/models'

export const CLASSES = 10
export const LEARNING_RATE = 0.01
export const MOMENTUM = 0.9
/** The eps of batch normalisation. */
export const EPSILON = 1e-5
/** The network's stages, of one block each. */
export const STAGES = [
  { name: 'layer1', stride: 1 },
  { name: 'layer2', stride: 2 },
  { name: 'layer3', stride: 2 }
] as const

/** The initial weights, and a batch. */
export interface Lesson {
  /** By torch's names. */
  readonly weights: ReadonlyMap<string, FloatTensor>
  readonly images: FloatTensor
  readonly labels: readonly number[]
}

/** One library's implementation. */
export interface Learner {
  readonly name: string
  /** Forward pass, loss, gradients and SGD with momentum; returns the loss before the update. */
  step(): Promise<number>
  dispose(): Promise<void>
}

/** The network, with projection shortcuts, which every library can express as a convolution. */
export function lessonNet(): CifarResNet {
  manualSeed(0)
  return cifar_resnet8({ numClasses: CLASSES, shortcut: 'B' })
}

/** A workload with random images. */
export function makeLesson(batch: number, size: number): Lesson {
  const parameters = [...lessonNet().namedParameters()]
  return {
    weights: new Map(parameters.map(([name, { data }]) => [name, data])),
    images: rand([batch, 3, size, size]),
    labels: Array.from({ length: batch }, (_, i) => i % CLASSES)
  }
}
