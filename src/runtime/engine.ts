// What can run a program: the interface that every engine implements and `compile` speaks to.
// An engine knows ONNX bytes and named tensors; it knows nothing of graphs or modules.
import { ResnetError } from '../tensor/errors.js'
import type { DType } from '../tensor/dtype.js'
import type { Tensor } from '../tensor/tensor.js'

/** Where kernels run. `auto` takes the fastest the machine has and ends at `cpu`. */
export type Device = 'cpu' | 'webgpu' | 'cuda' | 'coreml' | 'dml'
/** A device as a user asks for it. */
export type DeviceRequest = Device | 'auto'
/** Every spelling that `--device` and `{ device }` accept. */
export const DEVICES: readonly DeviceRequest[] = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml', 'auto']

/** One named input or output of a program; `'N'` is the batch. */
export interface Port {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly (number | 'N')[]
}

/** A program: ONNX bytes and what goes in and comes out. Loading it takes ownership of its bytes. */
export interface Program {
  readonly onnx: Uint8Array
  /** Blocks of weights that the ONNX bytes refer to as external data, by the name they use. */
  readonly weights?: readonly { readonly name: string; readonly data: Uint8Array }[]
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}

/** Named tensors. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** How one run is carried out. */
export interface RunOptions {
  /** Give the inputs' memory to the engine instead of copying it: faster, and the tensors are unusable afterwards. */
  readonly transfer?: boolean
}

/** A program an engine has made ready. Calls may overlap: they queue, and one that fails harms no other. */
export interface LoadedProgram extends AsyncDisposable {
  /** The device it really runs on. */
  readonly device: Device
  /** @throws EngineError when the inputs do not fit the program or a kernel fails. */
  run(inputs: NamedTensors, options?: RunOptions): Promise<NamedTensors>
  /** Frees the session. Optional: a forgotten program is freed when it is collected. */
  dispose(): Promise<void>
}

/** Something that runs programs. */
export interface Engine extends AsyncDisposable {
  /** False once it was disposed of or broke down: what it had loaded is gone, a new engine can be made. */
  readonly isOpen: boolean
  /** @throws EngineError when the program is not one its kernels can run. */
  load(program: Program): Promise<LoadedProgram>
  /** Frees everything. Optional: an idle engine never keeps the process alive. */
  dispose(): Promise<void>
}

/** A failure to create a session or to run it. */
export class EngineError extends ResnetError {}
