// Which file `--checkpoint` means.
import { DIGITS_CHECKPOINT } from '../../train/digits-checkpoint.js'

/** A path; or, by the name `digits`, the network that comes with the package. */
export function checkpointPath(text: string): string | URL {
  return text === 'digits' ? DIGITS_CHECKPOINT : text
}
