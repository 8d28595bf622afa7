// What a terminal shows while a command downloads or measures.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { evaluateNetwork } from './eval/eval-run.js'
import { openChosen } from './open-chosen.js'

// An engine's worker runs in the built package only.
vi.mock('../train/evaluate.js', () => ({
  evaluate: (_: unknown, _batches: unknown, { onBatch }: { onBatch: (images: number) => void }) => {
    onBatch(128)
    throw new Error('enough')
  }
}))

const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
const shown = (): string => said.mock.calls.map(([text]) => String(text)).join('')
const { isTTY } = process.stderr
let cache: string

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'resnet-ts-cache-'))
  vi.stubEnv('RESNET_TS_CACHE', cache)
  process.stderr.isTTY = true
})
afterEach(async () => {
  process.stderr.isTTY = isTTY
  said.mockClear()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  await rm(cache, { recursive: true })
})

describe('a terminal shows', () => {
  it('how far a download is', async () => {
    const headers = { 'content-length': '2000000' }
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(new Uint8Array(2_000_000), { headers })))
    await expect(openChosen({ model: 'resnet18' }, 'apply')).rejects.toThrow('resnet18')
    expect(shown()).toContain('downloading the weights of resnet18: 2.0 MB of 2.0 MB')
  })

  it('how many images are measured', async () => {
    const reading = { format: 'auto', onCorrupt: 'error', device: 'cpu', batchSize: 128, workers: 0 } as const
    const measuring = evaluateNetwork('digits', { ...reading, checkpoint: 'digits', part: 'validation' })
    await expect(measuring).rejects.toThrow('enough')
    expect(shown()).toContain('\r128 of 359 images\u001b[K')
  })
})
