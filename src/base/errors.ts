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

/** Shapes or types that do not fit together; the message names the operation and the shapes. */
export class ShapeError extends ResnetError {}
