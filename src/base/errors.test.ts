import { describe, expect, it } from 'vitest'
import { Fault, naming, PathError, ResnetError } from './errors.js'

class OwnError extends PathError {}
class LowerError extends PathError {}

const failing = (error: Error): Promise<unknown> =>
  naming('a.bin', OwnError, () => {
    throw error
  }).catch((thrown: unknown) => thrown)

describe('naming', () => {
  it('gives a fault the path that its thrower did not know', async () => {
    const error = await failing(new Fault('is empty'))
    expect(error).toBeInstanceOf(OwnError)
    expect(error).toMatchObject({ message: 'a.bin: is empty', path: 'a.bin', fault: 'is empty' })
  })

  it("keeps path and fault of a lower floor's error, and says what caused it", async () => {
    const cause = new LowerError('b.bin', 'no such file')
    const error = await failing(cause)
    expect(error).toBeInstanceOf(OwnError)
    expect(error).toMatchObject({ path: 'b.bin', fault: 'no such file', cause })
  })

  it('leaves other errors as they are, and results too', async () => {
    const bug = new TypeError('undefined is not a function')
    expect(await failing(bug)).toBe(bug)
    expect(await naming('a.bin', OwnError, () => 7)).toBe(7)
  })
})

describe('PathError', () => {
  it('has a message where a path in JavaScript is not a string', () => {
    expect(new PathError(7 as unknown as string, 'is empty').message).toBe('7: is empty')
    expect(new PathError(Object.create(null) as string, 'is empty').message).toBe('an object: is empty')
  })
})

describe('ResnetError', () => {
  it('escapes what would change a terminal, in paths and in messages, but keeps lists of lines', () => {
    expect(new PathError('a\u001b[31m\nb.jpg', 'no such file').message).toBe(
      'a\\u{1b}[31m\\u{a}b.jpg: no such file'
    )
    expect(new ResnetError('dog\u202egpj.exe, \u009b2J\u2028: two\nlines').message).toBe(
      'dog\\u{202e}gpj.exe, \\u{9b}2J\\u{2028}: two\nlines'
    )
    expect(new PathError('写真 👩‍🔬.png', 'no such file').message).toBe('写真 👩‍🔬.png: no such file')
  })
})
