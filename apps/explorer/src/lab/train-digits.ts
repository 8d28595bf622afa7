// The bundled digits as they are trained on and measured with: the split and the preparation of `resnet train digits`.
import { createLoader, digits, randomSplit, toTensor, type Loader } from 'resnet-ts'
import { grayscale, resize } from 'resnet-ts/images'

/** The share of the digits that is held back to measure with. */
export const HOLD_BACK = 0.2

/** Which digits those are. */
export const SPLIT_SEED = 0

const SIDE = 8
const NORMALISE = toTensor({ mean: [0.3053], std: [0.376] })

/** From a picture of any size to the network's input. */
export const TRANSFORMS = [grayscale(), resize([SIDE, SIDE]), NORMALISE]

/** What is learned from and what is measured with. */
export interface DigitLoaders {
  readonly classes: readonly string[]
  readonly train: Loader
  /** All held-back digits as one batch. */
  readonly heldBack: Loader
}

/** Loads the digits. */
export async function loadDigits(batchSize: number, seed: number): Promise<DigitLoaders> {
  const { train, validation } = randomSplit(await digits(), HOLD_BACK, SPLIT_SEED)
  const options = { transforms: [NORMALISE], workers: 0 }
  return {
    classes: train.classes,
    train: createLoader(train, { ...options, batchSize, seed, dropLast: true }),
    heldBack: createLoader(validation, { ...options, batchSize: validation.length, shuffle: false })
  }
}
