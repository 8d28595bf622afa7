// Reads what torch.save wrote, in its three containers. Loaded when such a file is met: a page whose weights are safetensors
// does without.
import { quote } from '../../base/words.js'
import type { StateDict } from '../../tensor/state-dict.js'
import type { Allowance, ByteSource } from '../bytes.js'
import { contentsOf, type FileContents } from './contents.js'
import { findEntry, noteOf } from './find-entry.js'
import { stateDictOf } from './pickled-state-dict.js'
import { openLegacyCheckpoint, openTarCheckpoint } from './pth-legacy.js'
import { openZipCheckpoint } from './pth-zip.js'
import { allowanceApart } from './strided.js'

const OPENERS = { zip: openZipCheckpoint, legacy: openLegacyCheckpoint, tar: openTarCheckpoint }

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
