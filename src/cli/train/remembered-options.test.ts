import { Command } from 'commander'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { CheckpointNetwork } from '../../networks/checkpoint.js'
import { startOfEpoch } from '../../train/position.js'
import { argument } from '../terminal/argument.js'
import { withRemembered, type RunRequest } from './remembered-options.js'
import { settingsOf, type TrainOptions } from './saved-run.js'
import { addTrain } from './train.js'

const NETWORK: CheckpointNetwork = {
  model: 'cifar_resnet8',
  options: { numClasses: 10, inChannels: 1, residual: true },
  classes: Array.from({ length: 10 }, (_, i) => String(i)),
  transforms: [{ name: 'toTensor', mean: [0], std: [1] }]
}

/** The command after it has parsed these words. */
async function parsed(
  ...words: string[]
): Promise<{ data: string | undefined; options: TrainOptions; used: Command }> {
  const program = new Command()
  addTrain(program)
  const [used] = program.commands
  let data: string | undefined
  used.action((path: string | undefined) => void (data = path))
  await program.parseAsync(['train', ...words], { from: 'user' })
  return { data, options: used.opts<TrainOptions>(), used }
}

async function resumed(
  before: readonly string[],
  now: readonly string[],
  { network = NETWORK, change = {} }: { network?: CheckpointNetwork; change?: Record<string, string> } = {}
): Promise<RunRequest> {
  const first = await parsed(...before)
  const settings = {
    ...(await settingsOf(first.data ?? '', { images: 1797, network }, first.options)),
    ...change
  }
  const losses = { every: 1, values: [] }
  const progress = {
    settings,
    position: startOfEpoch(0),
    steps: 0,
    batches: 0,
    epochs: [],
    best: undefined,
    losses
  }
  const saved = { checkpoint: { network, progress, tensors: new Map() }, file: 'runs/x/last.safetensors' }
  const { data, options, used } = await parsed(...now)
  return withRemembered(saved, data, options, used)
}

const EVERY_KIND = [
  ...['digits', '--model', 'cifar_resnet8', '--epochs', '3', '--lr', '0.02', '--no-decay-on-norm', '--plain'],
  ...[
    '--freeze',
    'conv1,bn1',
    '--lr-scale',
    'layer1=0.1',
    '--ema',
    '0.9',
    '--augment',
    'crop',
    '--seed',
    '7'
  ],
  ...['--workers', '0', '--on-corrupt', 'skip', '--checkpoint-every', '9', '--schedule', 'step:2']
]

it('a run goes on with all of its options, whatever kind they are', async () => {
  const { options: before } = await parsed(...EVERY_KIND, '--out', 'runs/x')
  const { path, options, given } = await resumed(EVERY_KIND, ['--resume', '--out', 'runs/x'])
  expect(path).toBe('digits')
  expect(options).toEqual({ ...before, resume: true })
  expect([...given].sort()).toEqual(['out', 'resume'])
})

it('what is given counts more than what is remembered', async () => {
  const { options } = await resumed(EVERY_KIND, [
    '--resume',
    '--epochs',
    '10',
    '--on-corrupt',
    'error',
    '--lr',
    '1'
  ])
  expect(options).toMatchObject({ epochs: 10, onCorrupt: 'error', lr: 1, seed: 7, workers: 0 })
})

it('a network in a file is named, and run only if it is given', async () => {
  const network = {
    ...NETWORK,
    model: 'net.mjs',
    file: { path: '../../net.mjs', export: 'default', sha256: 'ab' }
  }
  await expect(resumed(['digits', '--model', 'net.mjs'], ['--resume'], { network })).rejects.toThrow(
    'runs/x/last.safetensors: its network is defined in net.mjs, and a checkpoint never runs code: add --model net.mjs'
  )
  const { options } = await resumed(['digits', '--model', 'net.mjs'], ['--resume', '--model', './net.mjs'], {
    network
  })
  expect(options.model).toBe('./net.mjs')
})

it.each(['model', 'checkpoint'])('code that only the setting %s names is not run', async name => {
  for (const place of ['./net.mjs', 'file:///tmp/net.TS', 'net.cjs']) {
    await expect(resumed(EVERY_KIND, ['--resume'], { change: { [name]: place } })).rejects.toThrow(
      `runs/x/last.safetensors: its setting ${name} is "${place}", and a checkpoint never runs code: add --${name} ${argument(place)} if you trust it`
    )
    const words = ['--resume', `--${name}`, place]
    expect((await resumed(EVERY_KIND, words, { change: { [name]: place } })).options).toMatchObject({
      [name]: place
    })
  }
})

it('a network that began as a checkpoint has no other name', async () => {
  const { options } = await resumed(['digits', '--checkpoint', 'digits'], ['--resume'])
  expect([options.model, options.checkpoint]).toEqual([undefined, 'digits'])
})

it('data that has gone is named, and taken from where it is now', async () => {
  const here = await mkdtemp(join(tmpdir(), 'resnet-data-'))
  const change = { data: join(here, 'photos') }
  await expect(resumed(EVERY_KIND, ['--resume'], { change })).rejects.toThrow(
    `its data was in ${change.data}, which is no longer there: name the folder where it is now`
  )
  expect((await resumed(EVERY_KIND, [here, '--resume'], { change })).path).toBe(here)
  await rm(here, { recursive: true })
})

it('a setting that its option does not take is the checkpoint’s fault', async () => {
  await expect(resumed(EVERY_KIND, ['--resume'], { change: { epochs: '-1' } })).rejects.toThrow(
    'runs/x/last.safetensors: its setting epochs is "-1", which --epochs does not take'
  )
})
