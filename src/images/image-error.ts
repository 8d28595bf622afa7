// What goes wrong with an image, as one sentence that names the file and the fault.
import { ResnetError } from '../tensor/errors.js'

/** An image that cannot be read. */
export class ImageError extends ResnetError {
  /** The file, or what else the image was given as. */
  readonly path: string
  /** What is wrong, without the path. */
  readonly fault: string

  constructor(path: string, fault: string, options?: ErrorOptions) {
    super(`${path}: ${fault}`, options)
    this.path = path
    this.fault = fault
  }
}
