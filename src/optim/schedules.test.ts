// Learning rates against torch's schedulers, step by step (tools/optim_goldens.py); and parsing schedules.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { disagreement } from '../ir/testing/expect-close.js'
import { OptimError } from './optimizer.js'
import { parseSchedule } from './parse-schedule.js'
import { KNOWN_SCHEDULES } from './names.js'
import {
  constantLr,
  cosineLr,
  exponentialLr,
  multiStepLr,
  oneCycleLr,
  perEpoch,
  polynomialLr,
  stepLr,
  warmUp,
  type Schedule
} from './schedules.js'

const { cases } = JSON.parse(
  readFileSync(new URL('../../test/goldens/optim/schedules.json', import.meta.url), 'utf8')
) as { cases: Readonly<Record<string, readonly number[]>> }

/** torch multiplies from step to step, we compute each step directly: over 100 steps torch's rounding errors add up. */
const RECURSION_TOLERANCE = 1e-12
const BASE = 0.1

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  step: stepLr(30),
  'step, factor': stepLr(7, 0.9),
  multistep: multiStepLr([30, 60, 80]),
  'multistep, factor': multiStepLr([1, 50], 0.5),
  exponential: exponentialLr(0.95),
  cosine: cosineLr(100),
  'cosine, minimum, beyond the end': cosineLr(40, 0.01),
  poly: polynomialLr(100),
  'poly, power, beyond the end': polynomialLr(60, 2),
  onecycle: oneCycleLr(100),
  'onecycle, linear': oneCycleLr(100, { anneal: 'linear' }),
  'onecycle, options': oneCycleLr(73, { pctStart: 0.41, divFactor: 10, finalDivFactor: 50 }),
  'onecycle, no rise': oneCycleLr(50, { pctStart: 0 }),
  'onecycle, no fall': oneCycleLr(50, { pctStart: 1 }),
  'onecycle, two steps': oneCycleLr(2),
  'warm-up, step': warmUp(5, stepLr(30)),
  'warm-up, cosine': warmUp(10, cosineLr(90), 0.01),
  'warm-up, exponential': warmUp(20, exponentialLr(0.9), 1)
}

const rates = (schedule: Schedule, count: number): number[] =>
  Array.from({ length: count }, (_, step) => schedule(step, BASE))

describe('a schedule', () => {
  it('covers every golden case', () => {
    expect(Object.keys(SCHEDULES)).toEqual(Object.keys(cases))
  })

  it.each(Object.entries(SCHEDULES))('%s: equals torch', (name, schedule) => {
    const { error, offset } = disagreement(rates(schedule, cases[name].length), cases[name])
    expect(error, `step ${offset}`).toBeLessThanOrEqual(RECURSION_TOLERANCE)
  })

  it('may be constant', () => {
    expect(rates(constantLr(), 3)).toEqual([BASE, BASE, BASE])
  })

  it('may change only at the start of an epoch', () => {
    expect(rates(perEpoch(3, stepLr(2, 0.5)), 13)).toEqual([
      ...Array<number>(6).fill(BASE),
      ...Array<number>(6).fill(BASE / 2),
      BASE / 4
    ])
  })

  it('rises from the first step and continues with the schedule at the base rate', () => {
    const rising = warmUp(4, constantLr(), 0.5)
    expect([0, 1, 2, 3, 4, 5].map(step => rising(step, 1))).toEqual([0.5, 0.625, 0.75, 0.875, 1, 1])
    const schedule = cosineLr(10)
    expect(warmUp(0, schedule)).toBe(schedule)
  })

  it('keeps the last value after one cycle, where torch throws', () => {
    const schedule = oneCycleLr(20)
    expect(schedule(20, BASE)).toBe(schedule(19, BASE))
    expect(schedule(19, BASE)).toBeCloseTo(BASE / 25 / 1e4, 15)
  })

  it('is finite if the peak of one cycle is its first or only step', () => {
    expect(oneCycleLr(4, { pctStart: 0.25 })(0, BASE)).toBe(BASE)
    expect(Number.isFinite(oneCycleLr(1)(0, BASE))).toBe(true)
    expect(oneCycleLr(1, { pctStart: 1 })(0, BASE)).toBe(BASE)
  })

  it.each([
    [() => stepLr(0), 'stepLr: stepSize: expected a whole number of at least 1, got 0'],
    [() => stepLr(30, 0), 'stepLr: gamma: expected a number above 0, got 0'],
    [() => multiStepLr([30, 20]), 'multiStepLr: milestones must ascend, got 30, 20'],
    [() => multiStepLr([0.5]), 'multiStepLr: milestone: expected a whole number of at least 1, got 0.5'],
    [() => exponentialLr(-1), 'exponentialLr: gamma: expected a number above 0, got -1'],
    [() => cosineLr(1.5), 'cosineLr: totalSteps: expected a whole number of at least 1, got 1.5'],
    [() => cosineLr(10, -1), 'cosineLr: minimum: expected a number of at least 0, got -1'],
    [() => polynomialLr(10, -1), 'polynomialLr: power: expected a number of at least 0, got -1'],
    [() => oneCycleLr(10, { pctStart: 2 }), 'oneCycleLr: pctStart: expected a number from 0 to 1, got 2'],
    [() => oneCycleLr(10, { divFactor: 0 }), 'oneCycleLr: divFactor: expected a number above 0, got 0'],
    [
      () => perEpoch(0, constantLr()),
      'perEpoch: stepsPerEpoch: expected a whole number of at least 1, got 0'
    ],
    [() => warmUp(-1, constantLr()), 'warmUp: steps: expected a whole number of at least 1, got -1'],
    [() => warmUp(5, constantLr(), 0), 'warmUp: startFactor: expected a number above 0, got 0'],
    [() => warmUp(5, constantLr(), 1.5), 'warmUp: startFactor: expected a number from 0 to 1, got 1.5']
  ])('refuses %s', (make, message) => {
    expect(make).toThrow(new OptimError(message))
  })
})

describe('parseSchedule', () => {
  const duration = { totalSteps: 90, stepsPerEpoch: 3 }

  it.each<[string, Schedule]>([
    ['constant', constantLr()],
    ['cosine', cosineLr(90)],
    [' cosine:0.01 ', cosineLr(90, 0.01)],
    ['step:10', perEpoch(3, stepLr(10))],
    ['step:10,0.5', perEpoch(3, stepLr(10, 0.5))],
    ['multistep:10,20', perEpoch(3, multiStepLr([10, 20]))],
    ['multistep:10, 20, 0.5', perEpoch(3, multiStepLr([10, 20], 0.5))],
    ['exponential:0.9', perEpoch(3, exponentialLr(0.9))],
    ['onecycle', oneCycleLr(90)],
    ['onecycle:0.5', oneCycleLr(90, { pctStart: 0.5 })],
    ['poly', polynomialLr(90)],
    ['poly:2', polynomialLr(90, 2)]
  ])('%s', (text, schedule) => {
    expect(rates(parseSchedule(text, duration), 90)).toEqual(rates(schedule, 90))
  })

  it('starts the schedule after the warm-up', () => {
    const parsed = parseSchedule('cosine', { ...duration, warmupSteps: 15, warmupFactor: 0.1 })
    expect(rates(parsed, 90)).toEqual(rates(warmUp(15, cosineLr(75), 0.1), 90))
    const plain = parseSchedule('poly', { ...duration, warmupSteps: 15 })
    expect(rates(plain, 90)).toEqual(rates(warmUp(15, polynomialLr(75)), 90))
  })

  it.each([
    ['cosin', `unknown schedule 'cosin': expected ${KNOWN_SCHEDULES}`],
    ['toString', `unknown schedule 'toString': expected ${KNOWN_SCHEDULES}`],
    ['', `unknown schedule '': expected ${KNOWN_SCHEDULES}`],
    ['step', "schedule 'step': expected step:epochs[,factor]"],
    ['step:30,0.1,2', "schedule 'step:30,0.1,2': expected step:epochs[,factor]"],
    ['step:thirty', "schedule 'step:thirty': expected step:epochs[,factor]"],
    ['step:30,', "schedule 'step:30,': expected step:epochs[,factor]"],
    ['constant:1', "schedule 'constant:1': expected constant"],
    ['poly:1:2', "schedule 'poly:1:2': expected poly[:power]"],
    ['multistep:', "schedule 'multistep:': expected multistep:epoch,epoch,…[,factor below 1]"],
    ['multistep:0.1', "schedule 'multistep:0.1': needs at least one milestone"],
    ['step:1.5', "schedule 'step:1.5': stepSize: expected a whole number of at least 1, got 1.5"]
  ])('refuses %j', (text, message) => {
    expect(() => parseSchedule(text, duration)).toThrow(new OptimError(message))
  })

  it('refuses a warm-up as long as the training, or for a schedule with its own', () => {
    expect(() => parseSchedule('cosine', { ...duration, warmupSteps: 90 })).toThrow(
      new OptimError(
        "schedule 'cosine': the warm-up of 90 steps must be shorter than the 90 steps of training"
      )
    )
    expect(() => parseSchedule('onecycle', { ...duration, warmupSteps: 5 })).toThrow(
      new OptimError('schedule onecycle has its own warm-up; remove the warm-up steps')
    )
  })
})
