import { PathError } from '../base/errors.js'

/** How a network could be opened. */
export interface Remedy {
  /** The model that the weights fit. */
  readonly model?: string | undefined
  /** The JavaScript file named by a checkpoint, which is untrusted: never run it without asking. */
  readonly file?: string | undefined
  /** An export that the named JavaScript file has. */
  readonly export?: string | undefined
}

/** A file without a network, or with an unexpected one. */
export class NetworkError extends PathError {
  readonly remedy: Remedy

  constructor(
    path: string,
    fault: string,
    options?: ErrorOptions,
    model?: string,
    file?: string,
    exported?: string
  ) {
    super(path, fault, options)
    this.remedy = { model, file, export: exported }
  }
}

/** A file that is not a checkpoint, or another network's. */
export class CheckpointError extends NetworkError {}
