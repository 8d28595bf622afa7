// Training that stops early, by an error or a closed pipe, keeps its progress and can be resumed.
import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWeights } from 'resnet-ts'
import { readCheckpoint } from 'resnet-ts/train'
import { writePhotos } from '../support/photos.js'
import { MAIN, resnet, resnetOutput } from '../support/run-cli.js'
import { bitsOf } from '../support/small-training.js'

const FILES = ['best.safetensors', 'last.safetensors', 'metrics.jsonl', 'previous.safetensors', 'report.html']
const QUICK = ['digits', '--model', 'cifar_resnet8', '--batch-size', '128', '--augment', 'none']
let folder: string
const at = (...names: string[]): string => join(folder, ...names)
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise(resolve => child.on('exit', code => resolve(code)))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-stopped-'))
  await writePhotos(at('photos'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('training that fails', () => {
  it('on a broken image keeps its progress, and resumes once the image is repaired', async () => {
    const args = [
      'train',
      at('photos'),
      '--model',
      'cifar_resnet8',
      '--image-size',
      '16',
      '--batch-size',
      '4'
    ]
    const run = [...args, '--epochs', '2', '--lr', '0.02', '--seed', '1']
    await resnetOutput(...run, '--out', at('whole'))
    const image = at('photos/b/3.png')
    const picture = await readFile(image)
    await writeFile(image, 'no picture')
    const { code, stderr } = await resnet(...run, '--out', at('broken'))
    await writeFile(image, picture)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^[^\n]*photos: 2 classes, \d+ images\nresnet: [^\n]*\n$/)
    expect(stderr).toContain(image)
    expect(stderr).toContain(`kept in ${at('broken/last.safetensors')}`)
    const { progress } = await readCheckpoint(at('broken/last.safetensors'))
    expect(progress?.steps).toBeGreaterThan(0)
    expect(progress?.position.epoch).toBe(0)
    await resnetOutput(...run, '--out', at('broken'), '--resume')
    for (const name of ['last.safetensors', 'best.safetensors']) {
      const [found, expected] = await Promise.all(
        ['broken', 'whole'].map(async each => bitsOf(await readWeights(at(each, name))))
      )
      expect(found).toEqual(expected)
    }
  })

  it('on a broken image names --on-corrupt skip, and resumes with it, also after the image was removed', async () => {
    const run = [
      '--model',
      'cifar_resnet8',
      '--image-size',
      '16',
      '--batch-size',
      '4',
      '--epochs',
      '2',
      '--lr',
      '0.02'
    ]
    const image = at('photos/b/3.png')
    const picture = await readFile(image)
    await writeFile(image, 'no picture')
    const photos = ['train', at('photos'), ...run, '--seed', '1']
    await resnetOutput(...photos, '--on-corrupt', 'skip', '--out', at('skipped'))
    const { code, stderr } = await resnet(...photos, '--out', at('stays'))
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /3\.png: [^\n]*; --on-corrupt skip leaves out what cannot be read; what was trained [^\n]*\n$/
    )
    await cp(at('stays'), at('removed'), { recursive: true })
    const resume = ['train', '--resume', '--on-corrupt', 'skip', '--out']
    await resnetOutput(...resume, at('stays'))
    await rm(image)
    await resnetOutput(...resume, at('removed'))
    await writeFile(image, picture)
    for (const name of ['last.safetensors', 'best.safetensors']) {
      const [expected, ...found] = await Promise.all(
        ['skipped', 'stays', 'removed'].map(async each => bitsOf(await readWeights(at(each, name))))
      )
      expect(found).toEqual([expected, expected])
    }
  })

  it('by diverging keeps the weights of the step before', async () => {
    const args = ['train', ...QUICK, '--epochs', '2', '--lr', '0.01', '--schedule', 'exponential:1e30']
    const { code, stderr } = await resnet(...args, '--out', at('nan'))
    expect(code).toBe(2)
    expect(stderr).toMatch(/^resnet: Step 13: [^\n]* kept in [^\n]*last\.safetensors[^\n]*\n$/)
    const { progress, tensors } = await readCheckpoint(at('nan/last.safetensors'))
    expect(progress).toMatchObject({ steps: 12, position: { epoch: 1, batch: 1 } })
    const weights = [...tensors].flatMap(([name, { data }]) => (name === 'fc.weight' ? [...data] : []))
    expect(weights.every(value => Number.isFinite(Number(value)))).toBe(true)
    expect((await readdir(at('nan'))).sort()).toEqual(FILES)
  })
})

describe('training and other processes', () => {
  it('refuses a second process, and saves when its output pipe is closed', async () => {
    const args = ['train', ...QUICK, '--epochs', '60', '--out', at('busy')]
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const code = ended(child)
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    await new Promise(resolve => child.stdout.once('data', resolve))
    const second = await resnet(...args, '--resume')
    expect(second).toMatchObject({ code: 2, stdout: '' })
    expect(second.stderr).toMatch(/^resnet: [^\n]*\n$/)
    expect(second.stderr).toContain(`process ${child.pid} is training in it`)

    child.stdout.destroy()
    // A shell's exit code for a program killed by SIGPIPE.
    expect(await code).toBe(141)
    expect(complaint).toMatch(/output was closed.* saved in .*--resume/)
    expect((await readdir(at('busy'))).sort()).toEqual(FILES)
    const { progress } = await readCheckpoint(at('busy/last.safetensors'))
    expect(progress?.steps).toBeGreaterThan(11)
  })

  it.each([
    ['SIGHUP', 129],
    ['SIGTERM', 143]
  ] as const)('saves on %s and ends with %d', async (signal, expected) => {
    const args = ['train', ...QUICK, '--epochs', '60', '--out', at(signal)]
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const code = ended(child)
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    await new Promise(resolve => child.stdout.once('data', resolve))
    child.kill(signal)
    expect(await code).toBe(expected)
    expect(complaint).toContain(`stopped and saved in ${at(signal)}`)
    expect((await readdir(at(signal))).sort()).toEqual(FILES)
  })

  it('goes on with --resume and the folder alone, and lists all that may not change', async () => {
    const args = ['train', ...QUICK, '--seed', '5', '--schedule', 'constant']
    await resnetOutput(...args, '--epochs', '2', '--out', at('long'))
    await resnetOutput(...args, '--epochs', '1', '--out', at('short'))
    const other = await resnet(
      'train',
      '--resume',
      '--out',
      at('short'),
      '--lr',
      '1',
      '--seed',
      '6',
      '--workers',
      '0'
    )
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('is of another run: seed was 5, now 6; lr was not given, now 1; give')
    await resnetOutput('train', '--resume', '--out', at('short'), '--epochs', '2')
    const [found, expected] = await Promise.all(
      ['short', 'long'].map(async each => bitsOf(await readWeights(at(each, 'last.safetensors'))))
    )
    expect(found).toEqual(expected)
    const nothing = await resnet('train', '--out', at('none'))
    expect(nothing).toMatchObject({ code: 2, stdout: '' })
    expect(nothing.stderr).toBe(
      'resnet: Train on what? Name the data, or a run to resume: --resume --out RUN\n'
    )
  })

  it('keeps statistics frozen after --resume and the folder alone, as an uninterrupted run does', async () => {
    const usual = ['train', at('photos'), '--image-size', '16', '--batch-size', '4', '--lr', '0.01']
    const before = at('pretrained/last.safetensors')
    await resnetOutput(...usual, '--model', 'cifar_resnet8', '--epochs', '1', '--out', at('pretrained'))
    const args = [...usual, '--checkpoint', before, '--freeze-bn', '--schedule', 'constant']
    await resnetOutput(...args, '--epochs', '2', '--out', at('frozen'))
    await resnetOutput(...args, '--epochs', '1', '--out', at('resumed'))
    await resnetOutput('train', '--resume', '--out', at('resumed'), '--epochs', '2')
    const [old, expected, found] = await Promise.all(
      [before, at('frozen/last.safetensors'), at('resumed/last.safetensors')].map(async file =>
        bitsOf(await readWeights(file))
      )
    )
    expect(found).toEqual(expected)
    const unmoved = Object.keys(old).filter(name => found[name] === old[name])
    const statistics = Object.keys(old).filter(name => /running_|num_batches/.test(name))
    expect(statistics.length).toBeGreaterThan(20)
    expect(unmoved.sort()).toEqual(statistics.sort())
  })

  it('takes over from a process that was killed', async () => {
    const args = ['train', ...QUICK, '--epochs', '2', '--out', at('killed')]
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
    const code = ended(child)
    await new Promise(resolve => child.stdout.once('data', resolve))
    child.kill('SIGKILL')
    await code
    await resnetOutput(...args, '--resume')
    expect((await readdir(at('killed'))).sort()).toEqual(FILES)
  })
})
