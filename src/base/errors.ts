// The base of every error this package throws on purpose. Each floor adds its own class beside its code
// (`ShapeError`, `WeightsError`, `ImageError`, …); the command line turns any of them into one line and exit code 2.

/** An error caused by what the caller gave: a file, a shape, an option. Its message is one clear sentence. */
export class ResnetError extends Error {
  override get name(): string {
    return this.constructor.name
  }
}

/** Something wrong with one file; the message names it. */
export class PathError extends ResnetError {
  /** The file, or what else stands for it. */
  readonly path: string
  /** What is wrong, without the path. */
  readonly fault: string

  constructor(path: string, fault: string, options?: ErrorOptions) {
    super(`${path}: ${fault}`, options)
    this.path = path
    this.fault = fault
  }
}

/** An option that a function does not know or cannot use; the path is the function's name. */
export class OptionError extends PathError {}

/** What is wrong with bytes whose file the thrower does not know; `naming` makes an error of it that names the file. */
export class Fault extends ResnetError {}

type PathErrorClass = new (path: string, fault: string, options: ErrorOptions) => PathError

/**
 * What was thrown while a file was used, as the user's error. A `Fault` becomes the caller's kind of error, and so does an
 * error of a lower floor, such as the file system's; any other is a bug of ours and stays as it is.
 */
export function named(path: string, Named: PathErrorClass, cause: unknown): unknown {
  if (cause instanceof Fault) return new Named(path, cause.message, { cause })
  if (cause instanceof PathError) return new Named(cause.path, cause.fault, { cause })
  return cause
}

/** Runs something on a file; see `named` for what it throws. */
export async function naming<T>(path: string, Named: PathErrorClass, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw named(path, Named, error)
  }
}

/** Shapes or types that do not fit together; the message names the operation and the shapes. */
export class ShapeError extends ResnetError {}
