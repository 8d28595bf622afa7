import { describe, expect, it } from 'vitest'
import { ResnetError } from '../base/errors.js'
import { pickPrefix, prefixesBefore, type StateDict, withoutPrefix } from './state-dict.js'
import { zeros } from './tensor.js'

const state = (...keys: string[]): StateDict => new Map(keys.map(key => [key, zeros([1])]))
const KEYS = ['layer1.0.weight', 'layer1.1.weight', 'layer10.0.weight', 'fc.bias']

describe('pickPrefix', () => {
  it('selects keys by prefix, with or without the dot', () => {
    const whole = state(...KEYS)
    const part = pickPrefix(whole, 'layer1.')
    expect([...part.keys()]).toEqual(['0.weight', '1.weight'])
    expect(part.get('0.weight')).toBe(whole.get('layer1.0.weight'))
    expect(pickPrefix(whole, 'layer1')).toEqual(part)
    expect([...pickPrefix(whole, 'layer1.1').keys()]).toEqual(['weight'])
  })

  it('throws if no key has the prefix, with suggestions', () => {
    expect(() => pickPrefix(state(...KEYS), 'layer2.')).toThrow(
      new ResnetError("pickPrefix: no name begins with 'layer2.'; did you mean layer1 or layer10?")
    )
    expect(() => pickPrefix(state(...KEYS), 'fc.bias')).toThrow("no name begins with 'fc.bias.'")
    expect(() => pickPrefix(new Map(), 'fc')).toThrow("no name begins with 'fc.'")
  })
})

describe('withoutPrefix', () => {
  it('removes a prefix from the keys that have it, in order', () => {
    expect([...withoutPrefix(state('module.a', 'b', 'module.c.d'), 'module').keys()]).toEqual([
      'a',
      'b',
      'c.d'
    ])
  })

  it('throws if two tensors would have the same key', () => {
    for (const keys of [
      ['module.a', 'a'],
      ['a', 'module.a']
    ]) {
      expect(() => withoutPrefix(state(...keys), 'module.')).toThrow(
        new ResnetError("withoutPrefix: 'a' and 'module.a' would both be called 'a'")
      )
    }
  })

  it('throws if no key has it, with suggestions', () => {
    expect(() => withoutPrefix(state('module.fc.bias'), 'modul.')).toThrow(
      new ResnetError("withoutPrefix: no name begins with 'modul.'; did you mean module or module.fc?")
    )
  })
})

describe('prefixesBefore', () => {
  it('finds every candidate', () => {
    const keys = ['conv.weight', 'fc.bias']
    const behind = (...prefixes: string[]): string[] =>
      prefixes.flatMap(prefix => keys.map(key => prefix + key))
    expect(prefixesBefore(keys, state(...behind('module.'), 'epoch'))).toEqual(['module.'])
    expect(prefixesBefore(keys, state(...behind('student.', 'teacher.net.')))).toEqual([
      'student.',
      'teacher.net.'
    ])
    expect(prefixesBefore(keys, state('a.conv.weight', 'b.fc.bias'))).toEqual([])
    expect(prefixesBefore(keys, state(...behind('')))).toEqual([])
    expect(prefixesBefore([], state('a'))).toEqual([])
  })
})
