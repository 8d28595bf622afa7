import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OptionError } from './errors.js'
import {
  aBoolean,
  aFunction,
  checkedLater,
  checkOptions,
  either,
  instanceOf,
  listOf,
  numberBetween,
  oneOf,
  pairOf,
  positiveInteger,
  required,
  shown,
  type Checks
} from './options.js'

interface Options {
  readonly numClasses?: number
  readonly residual?: boolean
  readonly shuffle?: boolean | 'balanced'
  readonly style?: 'layer' | 'block'
  readonly stride?: number | readonly [number, number]
  readonly betas?: readonly [number, number]
  readonly when?: Date
  readonly onStep?: (step: number) => void
  readonly anything?: unknown
}

const CHECKS: Checks<Options> = {
  numClasses: positiveInteger,
  residual: aBoolean,
  shuffle: either(aBoolean, oneOf('balanced')),
  style: oneOf('layer', 'block'),
  stride: pairOf(positiveInteger),
  betas: listOf(numberBetween(0, 1), 2),
  when: instanceOf(Date),
  onStep: aFunction(),
  anything: checkedLater()
}

/** As plain JavaScript calls it. */
function refuse(options: unknown): string {
  try {
    checkOptions('resnet18', options as Options, CHECKS)
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError)
    return String(error)
  }
  return 'nothing'
}

describe('checkOptions', () => {
  it.each([
    [{ num_classes: 10 }, "unknown option 'num_classes'; did you mean 'numClasses'?"],
    [
      { colour: 1 },
      "unknown option 'colour'; expected one of numClasses, residual, shuffle, style, stride, betas, when, onStep, anything"
    ],
    [{ numClasses: -1 }, 'numClasses: expected a whole number of at least 1, got -1'],
    [{ numClasses: 2.5 }, 'numClasses: expected a whole number of at least 1, got 2.5'],
    [{ numClasses: NaN }, 'numClasses: expected a whole number of at least 1, got NaN'],
    [{ numClasses: '10' }, "numClasses: expected a whole number of at least 1, got '10'"],
    [{ numClasses: null }, 'numClasses: expected a whole number of at least 1, got null'],
    [{ residual: 0 }, 'residual: expected true or false, got 0'],
    [{ shuffle: 'yes' }, "shuffle: expected true or false or 'balanced', got 'yes'"],
    [{ style: 'stage' }, "style: expected 'layer' or 'block', got 'stage'"],
    [{ stride: [1, 0] }, 'stride: expected a whole number of at least 1, or two of them, got [1, 0]'],
    [{ betas: [0.9] }, 'betas: expected an array of 2, each a number from 0 to 1, got [0.9]'],
    [{ when: new Map() }, 'when: expected a Date, got an object of class Map'],
    [{ onStep: {} }, 'onStep: expected a function, got an object'],
    [10, 'expected an object of options, got 10'],
    [[10], 'expected an object of options, got [10]'],
    [null, 'expected an object of options, got null']
  ])('refuses %o', (options, fault) => {
    expect(refuse(options)).toBe(`OptionError: resnet18: ${fault}`)
  })

  it('returns what fits, without what is undefined for left out', () => {
    const options: Options = {
      numClasses: 10,
      residual: false,
      shuffle: 'balanced',
      style: 'block',
      stride: [2, 1],
      betas: [0, 1],
      when: new Date(),
      onStep: () => undefined,
      anything: null
    }
    expect(checkOptions('resnet18', options, CHECKS)).toEqual(options)
    expect(checkOptions('resnet18', { ...options, anything: undefined }, CHECKS)).not.toHaveProperty(
      'anything'
    )
    expect(refuse({ numClasses: undefined, num_classes: undefined })).toBe('nothing')
  })

  it('asks for what may not be left out', () => {
    const checks: Checks<{ readonly lr: number }> = { lr: required(numberBetween(0, 1)) }
    expect(() => checkOptions('sgd', {} as { lr: number }, checks)).toThrow(
      'sgd: lr: expected a number from 0 to 1, got undefined'
    )
  })

  it('takes no name from the prototype', () => {
    for (const name of ['toString', 'constructor', '__proto__x']) {
      expect(refuse({ [name]: 1 })).toContain(`unknown option '${name}'`)
    }
  })

  it('checks and returns inherited options', () => {
    class Defaults {
      get numClasses(): unknown {
        return this.classes
      }
      constructor(private readonly classes: unknown) {
        Object.defineProperty(this, 'classes', { enumerable: false })
      }
    }
    const inherited: Options = Object.create({ numClasses: 10, residual: true }) as Options
    expect(checkOptions('resnet18', inherited, CHECKS)).toEqual({ numClasses: 10, residual: true })
    expect(checkOptions('resnet18', new Defaults(7) as Options, CHECKS)).toEqual({ numClasses: 7 })
    expect(refuse(Object.create({ numClasses: -1 }))).toContain('numClasses: expected')
    expect(refuse(Object.create({ num_classes: 10 }))).toContain("unknown option 'num_classes'")
    expect(refuse(new Defaults('7'))).toContain('numClasses: expected')
  })

  it('says all names and values in one line', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.anything(), (name, value) => {
        const fault = refuse({ [name]: value })
        expect(fault === 'nothing' || fault.startsWith('OptionError: resnet18: ')).toBe(true)
      })
    )
  })
})

describe('shown', () => {
  it('shows what cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    const { proxy: called, revoke: revokeCalled } = Proxy.revocable(() => undefined, {})
    revoke()
    revokeCalled()
    expect(shown(proxy)).toBe('an object that cannot be read')
    expect(shown(called)).toBe('a function that cannot be read')
    expect(shown([proxy])).toBe('[an object that cannot be read]')
    const hostile = Object.defineProperty({}, 'constructor', {
      get() {
        throw new Error('no')
      }
    })
    expect(shown(hostile)).toBe('an object that cannot be read')
    expect(refuse({ numClasses: proxy })).toContain('got an object that cannot be read')
  })
})
