import { afterEach, describe, expect, it, vi } from 'vitest'
import { clearLine, drawLine, plain, print, say } from './output.js'
import { reportError } from './report-error.js'
import { ResnetError } from '../../base/errors.js'
import { SkippedPictures } from '../data/named-batches.js'

const ERASE = '\r\u001b[K'
const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
const text = (): string => written.mock.calls.map(([chunk]) => String(chunk)).join('')

afterEach(() => {
  clearLine()
  written.mockClear()
})

describe('the line that moves', () => {
  it('makes room for whatever else is said, and only when it is there', () => {
    say('first')
    drawLine('epoch 1/3')
    say('skipped a.png')
    reportError(new ResnetError('broken'), false)
    expect(text()).toBe(`resnet: first\n\repoch 1/3\u001b[K${ERASE}resnet: skipped a.png\nresnet: broken\n`)
  })
})

describe('pictures that are skipped', () => {
  it('are named once, however many epochs meet them, and counted', () => {
    const skipped = new SkippedPictures()
    skipped.sumUp()
    for (const file of ['a.png', 'b.png', 'a.png']) skipped.onSkip(file, 'is not an image')
    skipped.sumUp()
    expect(text()).toBe(
      'resnet: skipped a.png: is not an image\nresnet: skipped b.png: is not an image\nresnet: skipped 2 images in all\n'
    )
  })
})

describe('names from anywhere', () => {
  const evil = 'cat\u001b[2J\u202Eexe\u009b'
  const escaped = 'cat\\u{1b}[2J\\u{202e}exe\\u{9b}'

  it('cannot act on the terminal, whatever prints them', () => {
    expect(plain(`${evil}\n`)).toBe(`${escaped}\\u{a}`)
    say(evil)
    drawLine(evil)
    expect(text()).toBe(`resnet: ${escaped}\n\r${escaped}\u001b[K`)
    const result = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    print(`${evil}\nBär 猫`)
    expect(result).toHaveBeenCalledWith(`${escaped}\nBär 猫\n`)
    result.mockRestore()
  })
})
