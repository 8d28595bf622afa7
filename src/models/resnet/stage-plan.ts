// How the stages of an ImageNet network change the resolution.
import { ResnetError } from '../../base/errors.js'

/** What a stage's blocks are built with. */
export interface Stage {
  readonly stride: number
  /** Dilation of the stage's first block, and of all others. */
  readonly dilation: readonly [first: number, rest: number]
}

/**
 * Each stage after the first halves the resolution, or doubles the dilation where that is wanted instead.
 * @param dilate for each of the three stages after the first.
 * @throws ResnetError when there are not three.
 */
export function planStages(dilate: readonly boolean[]): Stage[] {
  if (dilate.length !== 3) {
    throw new ResnetError(
      `replaceStrideWithDilation: expected one boolean each for layer2, layer3 and layer4, got ${dilate.length}`
    )
  }
  const stages: Stage[] = [{ stride: 1, dilation: [1, 1] }]
  let dilation = 1
  for (const instead of dilate) {
    const before = dilation
    if (instead) dilation *= 2
    stages.push({ stride: instead ? 1 : 2, dilation: [before, dilation] })
  }
  return stages
}
