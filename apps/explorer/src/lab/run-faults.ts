// What can go wrong when a network is run, as plain data: the kind is what the page puts into words, the detail is what
// the library says of it.
import { ExplainError } from 'resnet-ts/explain'
import { EngineError, ResnetError } from 'resnet-ts/functional'
import { ImageError } from 'resnet-ts/images'
import { OutputError } from 'resnet-ts/nn'
import { CheckpointError } from 'resnet-ts/train'
import { FileError, WeightsError } from 'resnet-ts/weights'

export type Fault =
  /** Superseded by a newer request, or cancelled. */
  | { readonly kind: 'cancelled' }
  /** Weights of another network than the one they were to be loaded into. */
  | {
      readonly kind: 'other-model'
      readonly model: string
      /** Models that the weights fit. */
      readonly fits: readonly string[]
      readonly detail: string
    }
  | { readonly kind: FaultKind; readonly detail: string }

/** Kinds that carry only the library's message. */
export type FaultKind = 'picture' | 'weights' | 'memory' | 'layer' | 'engine' | 'unexpected'

/** A value or a fault. Errors lose their fields between threads; this does not. */
export interface Outcome<T> {
  readonly value?: T
  readonly fault?: Fault
}

/** A fault as an exception. */
export class Failure extends Error {
  constructor(readonly fault: Fault) {
    super(fault.kind)
  }
}

// The names that the engine, browsers and WebAssembly use.
const MEMORY =
  /enough memory|out of memory|bad_alloc|allocat|memory access out of bounds|array length|array size/i

/** The fault behind an error. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Failure) return error.fault
  const detail = error instanceof Error ? error.message : String(error)
  return { kind: kindOf(error, detail), detail }
}

function kindOf(error: unknown, detail: string): FaultKind {
  if (error instanceof ImageError) return 'picture'
  if (error instanceof OutputError || error instanceof ExplainError) return 'layer'
  if (MEMORY.test(detail)) return 'memory'
  if (error instanceof WeightsError || error instanceof CheckpointError || error instanceof FileError)
    return 'weights'
  return error instanceof EngineError || error instanceof ResnetError ? 'engine' : 'unexpected'
}
