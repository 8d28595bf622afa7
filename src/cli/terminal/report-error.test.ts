import { describe, expect, it, vi } from 'vitest'
import { PathError } from '../../base/errors.js'
import { NetworkError } from '../../networks/network-error.js'
import { StateDictError } from '../../nn/module/state-dict.js'
import { oneLine, reportError } from './report-error.js'

const say = vi.hoisted(() => vi.fn())
vi.mock('./output.js', () => ({ say, note: vi.fn() }))

const misfit = (faults: number): StateDictError =>
  new StateDictError('ResNet', {
    missingKeys: Array.from({ length: faults }, (_, i) => `layer${i}.weight`),
    unexpectedKeys: [],
    mismatched: []
  })

describe('an error at a terminal', () => {
  it('is one line', () => {
    expect(oneLine(new PathError('a', 'is\n  not b'))).toBe('a: is not b')
  })

  it('is a limit of the system, where Node met one, and a fault of ours otherwise', () => {
    expect(reportError(Object.assign(new Error('EMFILE: no'), { code: 'EMFILE' }), false)).toBe(2)
    expect(say).toHaveBeenLastCalledWith(
      'more files are needed at once than may be open (EMFILE): raise the limit (ulimit -n)'
    )
    expect(reportError(Object.assign(new Error('odd'), { code: 'EODD' }), false)).toBe(1)
    expect(say).toHaveBeenLastCalledWith('internal error: Error: odd (--debug shows where)')
  })

  it('names the first of many faults', () => {
    expect(oneLine(misfit(2))).toBe(
      'The state dict does not fit ResNet: layer0.weight: missing; layer1.weight: missing'
    )
    expect(oneLine(misfit(9))).toMatch(/layer2\.weight: missing and 6 more \(--debug lists them\)$/)
  })

  it('says with which option the file opens', () => {
    const cause = misfit(5)
    const fault = `${cause.message}\nthese are resnet50's weights`
    const error = new NetworkError('w.pth', fault, { cause }, 'resnet50')
    expect(oneLine(error)).toBe(
      "w.pth: The state dict does not fit ResNet: layer0.weight: missing; layer1.weight: missing; layer2.weight: missing and 2 more (--debug lists them); these are resnet50's weights: --model resnet50"
    )
    const file = './my-net.mjs'
    expect(oneLine(new NetworkError('best', 'name that file', undefined, undefined, file))).toBe(
      'best: name that file: --model ./my-net.mjs'
    )
    const spaced = new NetworkError('best', 'name that file', undefined, undefined, '../my net.mjs')
    expect(oneLine(spaced)).toBe('best: name that file: --model "../my net.mjs"')
    expect(oneLine(spaced, 'compare')).toBe('best: name that file: "../my net.mjs"')
  })

  it('names an option that the command has', () => {
    const error = new NetworkError('w.pth', "these are resnet50's weights", undefined, 'resnet50')
    expect(oneLine(error, 'compare')).toBe("w.pth: these are resnet50's weights: name resnet50")
    const exports = new NetworkError(
      'a.mjs',
      'it has Mine; the option export chooses one',
      undefined,
      undefined,
      undefined,
      'Mine'
    )
    expect(oneLine(exports, 'compare')).toMatch(/: --export Mine$/)
  })

  it('lets no file write to the terminal', () => {
    const file = '\u001b[2J; rm -rf .mjs'
    const line = oneLine(new NetworkError('best', 'name that file', undefined, undefined, file))
    expect(line).not.toContain('\u001b')
    expect(line).toMatch(/--model ".*"$/)
  })
})
