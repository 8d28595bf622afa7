import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { clearLine, drawLine, print, printJson, printText, say, sayWritten, styled } from './output.js'
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

describe('what a command wrote', () => {
  it('is one line: where, how large a file is, and what; on a terminal with colours the name is green', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-written-'))
    const file = join(folder, 'a.png')
    await writeFile(file, new Uint8Array(1234))
    const result = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    await sayWritten(file, 'a picture')
    expect(result).toHaveBeenLastCalledWith(`${file} (1.2 kB): a picture\n`)
    await sayWritten(folder, 'pictures')
    expect(result).toHaveBeenLastCalledWith(`${folder}: pictures\n`)
    vi.stubEnv('FORCE_COLOR', '1')
    await sayWritten(folder, 'pictures')
    expect(result).toHaveBeenLastCalledWith(`\u001b[32m${folder}\u001b[39m: pictures\n`)
    vi.unstubAllEnvs()
    result.mockRestore()
    await rm(folder, { recursive: true })
  })
})

describe('names from anywhere', () => {
  const evil = 'cat\u001b[2J\u202Eexe\u009b'
  const escaped = 'cat\\u{1b}[2J\\u{202e}exe\\u{9b}'

  it('cannot act on the terminal, whatever prints them', () => {
    say(evil)
    drawLine(evil)
    expect(text()).toBe(`resnet: ${escaped}\n\r${escaped}\u001b[K`)
    const result = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    print(`${evil}\n`, ['Bär ', styled('bold', evil)])
    expect(result).toHaveBeenLastCalledWith(`${escaped}\\u{a}\nBär ${escaped}\n`)
    printText(`${evil}\nBär 猫`)
    expect(result).toHaveBeenLastCalledWith(`${escaped}\nBär 猫\n`)
    printJson({ [evil]: evil })
    const json = String(result.mock.lastCall?.[0])
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u)
    expect(JSON.parse(json)).toEqual({ [evil]: evil })
    result.mockRestore()
  })

  it('cannot borrow the colours of what stands around them', () => {
    vi.stubEnv('FORCE_COLOR', '1')
    const result = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    print([styled('red', 'a\u001b[0m')])
    expect(result).toHaveBeenLastCalledWith('\u001b[31ma\\u{1b}[0m\u001b[39m\n')
    vi.stubEnv('NO_COLOR', '1')
    vi.stubEnv('FORCE_COLOR', undefined)
    print([styled('red', 'a')])
    expect(result).toHaveBeenLastCalledWith('a\n')
    result.mockRestore()
    vi.unstubAllEnvs()
  })
})
