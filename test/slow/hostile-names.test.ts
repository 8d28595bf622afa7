// Names that would act on a terminal, of files, classes and tensors, through the commands that print them.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tensor, writeWeights } from 'resnet-ts'
import { DIGITS_CHECKPOINT, readCheckpoint, writeCheckpoint } from 'resnet-ts/train'
import { resnet } from '../support/run-cli.js'

const digit = fileURLToPath(new URL('../../assets/digit.png', import.meta.url))
const EVIL = 'x\u001b[2J\u202e\u009b'
const SHOWN = 'x\\u{1b}[2J\\u{202e}\\u{9b}'
/** Control characters but line feeds, line separators, changes of direction. */
const ACTING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/u
let folder: string
const at = (...names: string[]): string => join(folder, ...names)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-hostile-'))
  await mkdir(at('images'))
  await copyFile(digit, at('images', `${EVIL}\n.png`))
  await copyFile(digit, at('images', 'b.png'))
  for (const name of ['0', '\u202e1']) {
    await mkdir(at('data', name), { recursive: true })
    for (const file of ['a.png', `${EVIL}.png`]) await copyFile(digit, at('data', name, file))
  }
  await writeFile(at('data/0', `${EVIL}.png`), 'no image')
  const { network, tensors } = await readCheckpoint(DIGITS_CHECKPOINT)
  const classes = network.classes.map(name => `${name}\u202e`)
  await writeCheckpoint(at('evil.safetensors'), {
    network: { ...network, classes },
    tensors,
    progress: undefined
  })
  await writeWeights(at('tensors.safetensors'), new Map([[EVIL, tensor([1])]]))
})
afterAll(() => rm(folder, { recursive: true }))

/** What a command writes, on both streams, seen to act on no terminal. */
async function writtenBy(...args: string[]): Promise<string> {
  const { stdout, stderr } = await resnet(...args)
  expect(`${stdout}${stderr}`).not.toMatch(ACTING)
  return `${stdout}${stderr}`
}

describe('a hostile name', () => {
  it('of a file or a class is escaped by predict, as text and as JSON', async () => {
    const args = ['predict', at('images'), '--checkpoint', at('evil.safetensors'), '--top', '1']
    const text = await writtenBy(...args)
    expect(text).toContain(`${SHOWN}\\u{a}.png\n`)
    expect(text).toMatch(/% {2}\d\\u\{202e\}$/m)
    const answers = JSON.parse(await writtenBy(...args, '--json')) as { image: string }[]
    expect(answers.map(({ image }) => image)).toContain(at('images', `${EVIL}\n.png`))
  })

  it('of a class or a skipped image is escaped by eval', async () => {
    const network = ['--model', 'cifar_resnet8', '--num-classes', '2', '--seed', '0']
    const text = await writtenBy('eval', at('data'), ...network, '--on-corrupt', 'skip')
    expect(text).toMatch(/^\\u\{202e\}1 /m)
    expect(text).toContain(`skipped ${at('data/0')}/${SHOWN}.png: `)
  })

  it('of a tensor, a model, a file or a value is escaped in messages, with the trace too', async () => {
    const weights = at('tensors.safetensors')
    const run = ['run', 'cifar_resnet8', '--seed', '0', '--out', at('y.pth'), '--input']
    expect(await writtenBy(...run, weights)).toMatch(/has no tensor x, only .*\\u\{202e\}/)
    expect(await writtenBy('summary', EVIL)).toContain('\\u{202e}')
    expect(await writtenBy('convert', at(EVIL), at('w.pth'), '--debug')).toContain(SHOWN)
    expect(await writtenBy('print', 'resnet18', '--num-classes', EVIL)).toContain(SHOWN)
  })
})
