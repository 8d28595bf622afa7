// The base classes of the errors this package throws deliberately. Each part defines its own subclasses (`WeightsError`,
// `ImageError`, …); the command line reports any of them in one line and exits with code 2.
import { printable, shown } from './words.js'

/**
 * An error caused by the caller's input: a file, a shape, an option. Its message is one clear sentence, or one and a list of
 * lines; control characters in it, which a file's name may bring to a terminal, are escaped.
 */
export class ResnetError extends Error {
  constructor(message = '', options?: ErrorOptions) {
    super(message.split('\n').map(printable).join('\n'), options)
  }

  override get name(): string {
    return this.constructor.name
  }
}

/** A problem with one file; the message begins with its path. */
export class PathError extends ResnetError {
  /** The file's path, or another name of the source. */
  readonly path: string
  /** What is wrong, without the path. */
  readonly fault: string

  constructor(path: string, fault: string, options?: ErrorOptions) {
    // JavaScript callers may pass anything as a path.
    super(`${printable(typeof path === 'string' ? path : shown(path))}: ${fault}`, options)
    this.path = path
    this.fault = fault
  }
}

/** An option that a function does not know or cannot use; the path is the function's name. */
export class OptionError extends PathError {}

/** A problem with data of unknown origin; `naming` turns it into an error that names the file. */
export class Fault extends ResnetError {}

/** There is not enough memory. */
export class MemoryError extends Fault {}

type PathErrorClass = new (path: string, fault: string, options: ErrorOptions) => PathError

/**
 * Converts an error thrown while reading or writing a file: a `Fault`, and a `PathError` of a lower layer such as the
 * file system, become an error of class `Named`; any other error is a bug and is returned unchanged.
 */
export function named(path: string, Named: PathErrorClass, cause: unknown): unknown {
  if (cause instanceof Fault) return new Named(path, cause.message, { cause })
  if (cause instanceof PathError) return new Named(cause.path, cause.fault, { cause })
  return cause
}

/** Runs a function on a file and converts its errors with `named`. */
export async function naming<T>(path: string, Named: PathErrorClass, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw named(path, Named, error)
  }
}

/** Shapes or dtypes that do not match; the message names the operation and the shapes. */
export class ShapeError extends ResnetError {}
