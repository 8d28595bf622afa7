// The base classes of the errors this package throws deliberately. Each part defines its own subclasses (`WeightsError`,
// `ImageError`, …); the command line reports any of them in one line and exits with code 2.

/** An error caused by the caller's input: a file, a shape, an option. Its message is one clear sentence. */
export class ResnetError extends Error {
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
    super(`${path}: ${fault}`, options)
    this.path = path
    this.fault = fault
  }
}

/** Shapes or dtypes that do not match; the message names the operation and the shapes. */
export class ShapeError extends ResnetError {}
