import { expect, it } from 'vitest'
import { ResnetError } from '../../base/errors.js'
import { planStages } from './stages.js'

it('doubles the dilation in place of the stride, for the blocks that follow', () => {
  expect(planStages([false, true, true])).toEqual([
    { stride: 1, dilation: [1, 1] },
    { stride: 2, dilation: [1, 1] },
    { stride: 1, dilation: [1, 2] },
    { stride: 1, dilation: [2, 4] }
  ])
})

it('wants to know it of three stages', () => {
  expect(() => planStages([true])).toThrow(
    new ResnetError(
      'replaceStrideWithDilation: expected one boolean each for layer2, layer3 and layer4, got 1'
    )
  )
})
