// `resnet predict` on many images: subfolders, lists on standard input, formats, images that cannot be read.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAIN, resnet, type Outcome } from '../support/run-cli.js'

const digit = fileURLToPath(new URL('../../assets/digit.png', import.meta.url))
let folder: string
const at = (...names: string[]): string => join(folder, ...names)
const digits = ['--checkpoint', 'digits', '--top', '1']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-predict-'))
  await mkdir(at('images/below'), { recursive: true })
  await copyFile(digit, at('images/below/a.png'))
  await copyFile(digit, at('images/c.png'))
  await writeFile(at('images/b.png'), 'no image')
  await writeFile(at('labels.txt'), Array.from({ length: 10 }, (_, i) => `digit ${i}`).join('\n'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the command with a text on standard input. */
function fed(input: Iterable<string>, ...args: string[]): Promise<Outcome> {
  return fedWithin([], input, ...args)
}

/** The same with options of Node. */
async function fedWithin(
  limits: readonly string[],
  input: Iterable<string>,
  ...args: string[]
): Promise<Outcome> {
  const child = spawn(process.execPath, [...limits, MAIN, ...args])
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => {})
  for (const text of input) if (!child.stdin.write(text)) await once(child.stdin, 'drain')
  child.stdin.end()
  const [code] = (await once(child, 'close')) as [number]
  return { code, stdout, stderr }
}

describe('resnet predict', () => {
  it('goes into subfolders, and lists an image that it cannot read with the reason', async () => {
    const { code, stdout, stderr } = await resnet('predict', at('images'), ...digits, '--format', 'csv')
    expect(stdout.split('\n')).toEqual([
      'image,rank,label,index,score,error',
      expect.stringMatching(/b\.png,,,,,"is not an image; JPEG, .* are read"$/),
      expect.stringMatching(/c\.png,1,8,8,0\.\d+,$/),
      expect.stringMatching(/below\/a\.png,1,8,8,0\.\d+,$/),
      ''
    ])
    expect(stderr).toBe('resnet: 1 of 3 images could not be classified\n')
    expect(code).toBe(2)
  })

  it('takes a list on standard input, and names of classes from a file', async () => {
    const args = [...digits, '--labels', at('labels.txt'), '--format', 'jsonl']
    const { code, stdout } = await fed([`${digit}\n\n${at('gone.png')}\r\n${digit}`], 'predict', '-', ...args)
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { error?: string; top?: { label: string }[] })
    expect(answers.map(({ error, top }) => error ?? top?.[0].label)).toEqual([
      'digit 8',
      'no such file or folder',
      'digit 8'
    ])
    expect(code).toBe(2)
    const short = await resnet('predict', digit, ...digits, '--labels', digit)
    expect([short.code, short.stdout]).toEqual([2, ''])
    expect(short.stderr).toContain('digit.png: is no text in UTF-8')
  })

  it('needs no more memory for many images than for few', async () => {
    // An answer has 80 kB: all of them together would not fit into this heap.
    const [images, limits] = [600, ['--max-old-space-size=32']]
    const wordy = ['--num-classes', '1000', '--top', '1000', '--logits', '--format', 'jsonl']
    const args = ['predict', '-', '--model', 'cifar_resnet8', '--seed', '0', ...wordy]
    const { code, stdout, stderr } = await fedWithin(limits, [`${digit}\n`.repeat(images)], ...args)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.length).toBeGreaterThan(40e6)
    expect(stdout.split('\n').length).toBe(images + 1)
  })

  it('answers an image before the next one is named', async () => {
    const child = spawn(process.execPath, [MAIN, 'predict', '-', ...digits, '--format', 'jsonl'])
    child.stdin.write(`${digit}\n`)
    const [first] = (await once(child.stdout, 'data')) as [Buffer]
    expect(JSON.parse(String(first))).toMatchObject({ image: digit })
    child.stdin.end()
    expect(await once(child, 'close')).toEqual([0, null])
  })
})
