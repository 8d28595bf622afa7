import { expect, it } from 'vitest'
import type { EpochRecord } from '../../train/record/record.js'
import { epochLine } from './epoch-line.js'

const RECORD: EpochRecord = {
  epoch: 7,
  step: 70,
  learningRate: 0.1,
  train: { loss: 1.23456, accuracy: 0.5 },
  validation: { loss: 0.98765, accuracy: 1 },
  seconds: 1234.56,
  imagesPerSecond: 1
}

it('the line of an epoch names what it measures, shorter where the terminal is narrow', () => {
  const roomy = 'epoch   7/100   train 1.2346  50.0 %   validation 0.9877  100.0 %   1234.6 s'
  expect(epochLine(RECORD, 100, 80)).toBe(roomy)
  const narrow = 'epoch   7/100  train 1.2346 50.0 %  val 0.9877 100.0 %  1234.6 s'
  expect(epochLine(RECORD, 100, 79)).toBe(narrow)
  const short = { ...RECORD, validation: { loss: 0.98765, accuracy: 0.75 }, seconds: 12.34 }
  expect(epochLine(short, 10, 60).length).toBeLessThanOrEqual(60)
  const { validation: _, ...alone } = RECORD
  expect(epochLine(alone, 9, 80)).toBe('epoch 7/9   train 1.2346  50.0 %   1234.6 s')
})
