// Reads what torch.save wrote, in its three containers. Loaded when such a file is met: a page whose weights are safetensors
// does without.
import { quote } from '../../base/words.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Allowance, ByteSource } from '../bytes.js'
import { contentsOf, type FileContents } from './contents.js'
import { findEntry, noteOf } from './find-entry.js'
import { stateDictOf } from './pickled-state-dict.js'
import type * as Legacy from './pth-legacy.js'
import { openZipCheckpoint } from './pth-zip.js'
import { allowanceApart } from './strided.js'

// The old containers are loaded with the first file in one, and kept, as each further import would be resolved again.
let legacy: typeof Legacy | undefined
const legacyReader = async (): Promise<typeof Legacy> => (legacy ??= await import('./pth-legacy.js'))

const OPENERS = {
  zip: openZipCheckpoint,
  legacy: async (...file: Parameters<typeof Legacy.openLegacyCheckpoint>) =>
    (await legacyReader()).openLegacyCheckpoint(...file),
  tar: async (...file: Parameters<typeof Legacy.openTarCheckpoint>) =>
    (await legacyReader()).openTarCheckpoint(...file)
}

const NAMES = {
  zip: 'torch.save, zip',
  legacy: 'torch.save before 1.6, or a pickle',
  tar: 'torch.save before 0.1.10, tar'
}

export type PthContainer = keyof typeof OPENERS

/** @throws Fault when the file is damaged, holds no state dict, or asks for more memory than it may. */
export async function readPth(
  source: ByteSource,
  given: {
    readonly container: PthContainer
    readonly allowance: Allowance
    readonly entry: string | undefined
    readonly onNote: ((note: string) => void) | undefined
    readonly onContents: ((contents: FileContents) => void) | undefined
  }
): Promise<StateDict> {
  const { container, allowance, entry, onNote, onContents } = given
  const { root, locate, name } = await OPENERS[container](source, allowance)
  const found = findEntry(root, entry)
  const note = noteOf(found)
  if (note !== undefined) onNote?.(note)
  onContents?.(contentsOf(root, found, name ?? NAMES[container]))
  const tensors = await stateDictOf(found.dict, locate, allowance)
  const apart = allowanceApart(allowance, source)
  for (const [key, { data }] of tensors) apart.take(data.byteLength, quote(key))
  return tensors
}
