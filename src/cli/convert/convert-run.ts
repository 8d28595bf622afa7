import { pickPrefix } from '../../tensor/state-dict.js'
import { readWithMetadata } from '../../weights/read-weights.js'
import { writeWeights } from '../../weights/write-weights.js'
import { countedTensors } from '../counted-tensors.js'
import { say, sayWritten } from '../terminal/output.js'

export interface ConvertOptions {
  readonly pick?: string
  readonly entry?: string
}

export async function convert(from: string, to: string, { pick, entry }: ConvertOptions): Promise<void> {
  const { tensors, metadata } = await readWithMetadata(from, texts => texts, {
    ...(entry !== undefined && { entry }),
    onNote: note => say(`${from}: ${note}`)
  })
  const kept = pick === undefined ? tensors : pickPrefix(tensors, pick)
  // A checkpoint's description of its network; .pth has no place for one.
  const isKept = pick === undefined && metadata.size > 0 && to.endsWith('.safetensors')
  await writeWeights(to, kept, isKept ? { metadata: Object.fromEntries(metadata), digest: true } : {})
  await sayWritten(to, countedTensors(kept))
}
