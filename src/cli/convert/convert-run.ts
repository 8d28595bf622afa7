import { pickPrefix } from '../../tensor/state-dict.js'
import { readWithMetadata } from '../../weights/read-weights.js'
import { writeWeights } from '../../weights/write-weights.js'

export interface ConvertOptions {
  readonly pick?: string
}

export async function convert(from: string, to: string, { pick }: ConvertOptions): Promise<void> {
  const { tensors, metadata } = await readWithMetadata(from, texts => texts)
  if (pick !== undefined) return writeWeights(to, pickPrefix(tensors, pick))
  // A checkpoint's description of its network; .pth has no place for one.
  const isKept = metadata.size > 0 && to.endsWith('.safetensors')
  await writeWeights(to, tensors, isKept ? { metadata: Object.fromEntries(metadata), digest: true } : {})
}
