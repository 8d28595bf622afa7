import { describe, expect, it } from 'vitest'
import type { FlowComparison, TwinFlows } from './compare-gradient-flow.js'
import { readFlow } from './flow-reading.js'
import { madeUpComparison, madeUpTwins, type MadeUp } from './testing/made-up-flows.js'

const read = (twins: readonly TwinFlows[], rest: Partial<FlowComparison> = {}): ReturnType<typeof readFlow> =>
  readFlow(madeUpComparison(twins, rest))
const remarksOn = (plain: MadeUp, residual: MadeUp, zeroInit?: MadeUp): string =>
  read([madeUpTwins(plain, residual, zeroInit)]).twins[0].remarks.join('\n')
/** Constant first and last gradients over a number of samples. */
const steady = (first: number, last: number, samples = 3): (readonly [number, number])[] =>
  Array.from({ length: samples }, () => [first, last] as const)

describe('the findings about twins', () => {
  it('include a gradient that vanishes only without shortcuts', () => {
    const plain = {
      gradients: [[600, 1], ...steady(0.001, 0.12), [0.0001, 1]] as const,
      accuracy: 0.11,
      loss: 2.3
    }
    const { twins } = read([madeUpTwins(plain, { gradients: steady(0.4, 1), accuracy: 0.97, loss: 0.1 })])
    expect(twins).toEqual([
      {
        name: 'net',
        remarks: [
          'After 100 steps the plain network finds the class of 11.0 % of the held-out images (loss in training 2.3000), ' +
            'the residual one of 97.0 % (0.1000): without shortcuts it has learnt little more than to guess.',
          "In the plain network the gradient that reaches conv1 is 1/120 of conv5's in the median of all samples, " +
            'and down to 1/10,000 (at step 41); with shortcuts it is 0.40. ' +
            'Without shortcuts it vanishes on its way to the first layers.',
          "Before the first step the plain network's gradient grows on its way back: the first layer's is 600 times " +
            "the last one's, with shortcuts 0.40."
        ]
      }
    ])
  })

  it.each([
    [
      'gets through in both',
      0.5,
      0.5,
      'In both it gets through, so these two do not show what shortcuts do for the gradient.'
    ],
    ['vanishes in both', 0.01, 0.02, 'It vanishes on its way in both.'],
    ['vanishes with shortcuts', 0.5, 0.01, 'Here it is the residual network whose gradient vanishes.'],
    ['explodes without', 50, 1, 'Without shortcuts it grows out of measure on its way.'],
    [
      'is too much alike, on either side of a limit',
      0.09,
      0.11,
      'The two are too close together to conclude anything.'
    ],
    ['is too much alike, if it grows', 11, 9, 'The two are too close together to conclude anything.'],
    ['explodes in both', 50, 60, 'It grows out of measure on its way.']
  ])('include that the gradient %s', (_, plain, residual, verdict) => {
    expect(remarksOn({ gradients: steady(plain, 1) }, { gradients: steady(residual, 1) })).toContain(verdict)
  })

  it.each([
    [0.95, 0.96, 'the plain network learns as well'],
    [0.8, 0.96, 'shortcuts help'],
    [0.96, 0.8, 'here the plain network is ahead'],
    [0.12, 0.11, 'neither has learnt much more than to guess'],
    [0.12, 0.5, 'without shortcuts it has learnt little more than to guess']
  ])('compares %d with %d: %s', (plain, residual, verdict) => {
    expect(remarksOn({ accuracy: plain }, { accuracy: residual })).toContain(`: ${verdict}.`)
  })

  it('claim nothing where a difference means nothing', () => {
    const first = (plain: MadeUp, residual: MadeUp): string => remarksOn(plain, residual).split('\n')[0]
    const few = { steps: 19 }
    expect(first({ ...few, accuracy: 0.2 }, { ...few, accuracy: 0.9 })).toMatch(/90\.0 % \(1\.0000\)\.$/)
    expect(first({ ...few, accuracy: null, loss: 9 }, { ...few, accuracy: null })).toMatch(/with them\.$/)
    expect(first({ steps: 40, accuracy: 0.2 }, { accuracy: 0.9 })).toMatch(/\(1\.0000\)\.$/)
    const images = 20
    expect(first({ accuracy: 0.8, images }, { accuracy: 0.9, images })).toContain(
      ': on so few images the difference may be chance.'
    )
    expect(first({ accuracy: 0.3, images }, { accuracy: 0.9, images })).toContain(': shortcuts help.')
    expect(first({ accuracy: null, loss: 2e-5 }, { accuracy: null, loss: 1e-5 })).toMatch(/with them\.$/)
  })

  it('count 80 % on two classes as better than chance', () => {
    const twins = [madeUpTwins({ accuracy: 0.8 }, { accuracy: 0.9 })]
    expect(read(twins, { classes: 2 }).twins[0].remarks[0]).toContain('shortcuts help')
    const guess = [madeUpTwins({ accuracy: 0.52 }, { accuracy: 0.9 })]
    expect(read(guess, { classes: 2 }).twins[0].remarks[0]).toContain('little more than to guess')
  })

  it('use the loss without held-out data', () => {
    const said = (plain: number, residual: number): string =>
      remarksOn({ accuracy: null, loss: plain }, { accuracy: null, loss: residual }).split('\n')[0]
    expect(said(2, 1)).toBe(
      'After 100 steps the loss is 2.0000 without shortcuts and 1.0000 with them: with shortcuts training gets further.'
    )
    expect(said(1, 1.1)).toBe('After 100 steps the loss is 1.0000 without shortcuts and 1.1000 with them.')
    expect(said(1, 2)).toContain(': here the plain network is ahead.')
  })

  it.each([
    [[1.4, 1.2], 'most blocks add more than they are given'],
    [[0.9, 0.6], 'most blocks add less than they are given'],
    [[0.3, 0.2], 'most blocks only touch up what they are given']
  ])('include how much the blocks add: %j', (ratios, verdict) => {
    expect(remarksOn({}, { ratios: [ratios] })).toContain(`at the end: ${verdict}.`)
  })

  it('include whether F(x) = 0 initially', () => {
    const later = {
      gradients: steady(1, 1, 2),
      ratios: [
        [0, 0],
        [0.2, 0.4]
      ],
      accuracy: 0.98
    }
    expect(remarksOn({}, {}, later)).toContain(
      'With zeroed last normalisations F(x) = 0 in all 2 blocks at the start: each sum F(x) + x is x. ' +
        'At the end the median of ‖F(x)‖ / ‖x‖ is 0.30, and 98.0 % of the held-out images are found, ' +
        '90.0 % from the usual start.'
    )
    expect(remarksOn({}, {}, { ratios: [[0, 0.1]] })).toContain(
      'Of 2 blocks that were to start with F(x) = 0, 1 did not.'
    )
  })

  it('include that a network diverged, and that there is nothing to compare', () => {
    expect(remarksOn({ ended: 'broken', steps: 6 }, {})).toContain(
      'The plain network broke down. Step 7: the loss is NaN.\nAfter 6 and 100 steps the plain network'
    )
    expect(remarksOn({ steps: 0 }, {})).toBe(
      'There is nothing to compare: training was stopped before both networks had made a step.'
    )
  })
})

describe('the findings about several depths', () => {
  const deep = { layers: 50 }

  it('compare the shallowest with the deepest', () => {
    const shallow = madeUpTwins({ accuracy: 0.98 }, { accuracy: 0.985 }, undefined, 'eight')
    const worse = madeUpTwins({ ...deep, accuracy: 0.17 }, { ...deep, accuracy: 0.97 }, undefined, 'fifty')
    const expected = [
      'From eight to fifty, accuracy on held-out images falls from 98.0 % to 17.0 % without shortcuts; ' +
        'with them it stays alike, 98.5 % and 97.0 %. More layers make the plain network worse, not the residual one.'
    ]
    expect(read([shallow, worse]).summary).toEqual(expected)
    expect(read([worse, shallow]).summary).toEqual(expected)
  })

  it('claim nothing that the figures do not show', () => {
    const shallow = madeUpTwins({ accuracy: 0.5 }, { accuracy: 0.5 }, undefined, 'eight')
    const better = madeUpTwins({ ...deep, accuracy: 0.6 }, { ...deep, accuracy: 0.4 }, undefined, 'fifty')
    expect(read([shallow, better]).summary).toEqual([
      'From eight to fifty, accuracy on held-out images rises from 50.0 % to 60.0 % without shortcuts; ' +
        'with them it falls from 50.0 % to 40.0 %.'
    ])
    expect(read([shallow]).summary).toEqual([])
    expect(read([shallow, { ...better, plain: { ...better.plain, heldOut: [] } }]).summary).toEqual([])
  })

  it('conclude nothing about depth while the deepest networks only guess', () => {
    const shallow = madeUpTwins({ accuracy: 0.56 }, { accuracy: 0.73 }, undefined, 'eight')
    const guessing = madeUpTwins({ ...deep, accuracy: 0.1 }, { ...deep, accuracy: 0.12 }, undefined, 'fifty')
    expect(read([shallow, guessing], { classes: 10 }).summary).toEqual([
      'From eight to fifty, accuracy on held-out images falls from 56.0 % to 10.0 % without shortcuts; ' +
        'with them it falls from 73.0 % to 12.0 %. fifty has learnt nothing yet in either form: ' +
        'more epochs are needed to compare depths.'
    ])
  })

  it('see no change that so few images or steps cannot show', () => {
    const of = (plain: number, residual: number, rest: MadeUp, name: string): TwinFlows =>
      madeUpTwins({ ...rest, accuracy: plain }, { ...rest, accuracy: residual }, undefined, name)
    const images = 20
    const few = [of(0.9, 0.9, { images }, 'eight'), of(0.8, 0.9, { ...deep, images }, 'fifty')]
    expect(read(few).summary[0]).toContain('stays alike, 90.0 % and 80.0 % without shortcuts')
    const short = [of(0.9, 0.9, {}, 'eight'), of(0.3, 0.9, deep, 'fifty')]
    expect(read(short).summary[0]).toContain('More layers make the plain network worse')
    expect(read(short, { steps: 5 }).summary.join()).not.toContain('worse')
  })

  it('include that training was stopped, or short', () => {
    const stopped = madeUpTwins({}, { steps: 40, ended: 'stopped' })
    expect(read([stopped], { finished: false }).summary).toEqual([
      'Training was stopped: 1 of 2 networks are through, the others are shown as far as they came.'
    ])
    expect(read([madeUpTwins({ steps: 3 }, { steps: 3 })], { steps: 3 }).summary).toEqual([
      '3 steps show how networks start, not yet how they learn.'
    ])
  })
})
