// What goes wrong with an image, as one sentence that names the file and the fault.
import { PathError } from '../base/errors.js'

/** An image that cannot be read. */
export class ImageError extends PathError {}
