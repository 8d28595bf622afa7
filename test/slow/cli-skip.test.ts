// `resnet train --skip`: the kind of shortcut is saved with the checkpoint and used by every command.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restoreNetwork } from 'resnet-ts/models'
import { readCheckpoint } from 'resnet-ts/train'
import { resnet, resnetOutput } from '../support/run-cli.js'

const QUICK = ['digits', '--model', 'cifar_resnet8', '--batch-size', '256', '--epochs', '1']
const digit = fileURLToPath(new URL('../../assets/digit.png', import.meta.url))

describe('resnet train --skip', () => {
  let folder: string
  let checkpoint: string
  const gated = ['--skip', 'exclusive-gate', '--gate-bias', '-3']
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-skip-'))
    checkpoint = join(folder, 'run', 'last.safetensors')
    await resnetOutput('train', ...QUICK, ...gated, '--out', join(folder, 'run'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('saves the architecture in the checkpoint', async () => {
    const saved = await readCheckpoint(checkpoint)
    expect(saved.network.options).toEqual({
      numClasses: 10,
      inChannels: 1,
      residual: true,
      skip: 'exclusive-gate',
      gateBias: -3
    })
    const bias = restoreNetwork(saved).stateDict().get('layer1.0.gate.bias')?.data
    // It has changed slightly from its initial value.
    expect(Math.abs(Number(bias?.[0]) + 3)).toBeLessThan(0.5)
    const strange = {
      ...saved,
      network: { ...saved.network, options: { ...saved.network.options, skip: 'wire' } }
    }
    expect(() => restoreNetwork(strange)).toThrow('skip: expected one of identity, half, exclusive-gate')
  })

  it('is restored by every command that reads the checkpoint', async () => {
    const [text, table, measured, answer] = await Promise.all([
      resnetOutput('print', '--checkpoint', checkpoint),
      resnetOutput('summary', '--checkpoint', checkpoint),
      resnetOutput('eval', 'digits', '--checkpoint', checkpoint, '--json'),
      resnetOutput('predict', digit, '--checkpoint', checkpoint, '--json')
    ])
    expect(text).toContain('(gate): Conv2d(16, 32, kernel_size=(1, 1), stride=(2, 2))')
    expect(table).toContain('8 = 6·1 + 2')
    expect(JSON.parse(measured)).toHaveProperty('accuracy')
    expect(JSON.parse(answer)).toHaveLength(1)
  })

  it('resumes only with the same option', async () => {
    const other = ['train', ...QUICK, '--skip', 'half', '--out', join(folder, 'run'), '--resume']
    const { code, stderr } = await resnet(...other)
    expect(code).toBe(2)
    expect(stderr).toContain('is of another run: skip was exclusive-gate, now half; give')
    expect((await resnet('train', ...QUICK, ...gated, '--out', join(folder, 'run'), '--resume')).code).toBe(0)
  })
})
