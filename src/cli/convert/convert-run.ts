import { naming } from '../../base/errors.js'
import { METADATA_KEY } from '../../networks/checkpoint.js'
import { isTrainingState, networkTensors } from '../../networks/network-tensors.js'
import { pickPrefix } from '../../tensor/state-dict.js'
import { WeightsError } from '../../weights/bytes.js'
import { translateWeights } from '../../weights/dialects/translate.js'
import { readWithMetadata } from '../../weights/read-weights.js'
import { writeWeights } from '../../weights/write-weights.js'
import { countedTensors } from '../counted-tensors.js'
import { assertNoFolder } from '../no-folder.js'
import { say, sayWritten } from '../terminal/output.js'

export interface ConvertOptions {
  readonly pick?: string
  readonly entry?: string
  readonly dialect?: string
}

export async function convert(
  from: string,
  to: string,
  { pick, entry, dialect }: ConvertOptions
): Promise<void> {
  assertNoFolder(from)
  const { tensors, metadata } = await readWithMetadata(from, texts => texts, {
    ...(entry !== undefined && { entry }),
    onNote: note => say(`${from}: ${note}`)
  })
  const isSafetensors = /\.safetensors$/i.test(to)
  // torch takes a .pth for one network's state dict, in which a run's training state would be unexpected.
  // What is below a name is the network's, too, and of a run with --ema its average, by which it is evaluated.
  const isState = pick !== undefined && isTrainingState(pick)
  const isRun = metadata.has(METADATA_KEY) && !isState && (pick !== undefined || !isSafetensors)
  const own = isRun ? networkTensors(tensors) : tensors
  const picked = pick === undefined ? own : pickPrefix(own, pick)
  const kept =
    dialect === undefined
      ? picked
      : await naming(from, WeightsError, () => translateWeights(picked, { to: dialect }))
  // A checkpoint's description of its network; .pth has no place for one.
  const isKept = pick === undefined && dialect === undefined && metadata.size > 0 && isSafetensors
  await writeWeights(to, kept, isKept ? { metadata: Object.fromEntries(metadata), digest: true } : {})
  const left = tensors.size - own.size
  const isAveraged = isRun && Array.from(own).some(([name, tensor]) => tensors.get(name) !== tensor)
  const whose = isAveraged ? "the network's averages, by which it is evaluated" : "the network's alone"
  const without = left > 0 ? `, ${whose}: ${left} of the run's training state are left out` : ''
  await sayWritten(to, countedTensors(kept) + without)
}
