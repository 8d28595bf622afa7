// The interface of engines. An engine knows ONNX bytes and named tensors, not graphs or modules.
// Apps whose `lib` ends with a year, such as those of Vite's template, lack what `await using` needs.
/// <reference lib="esnext.disposable" preserve="true" />
import { anObject, oneOf, type Check, type OptionsOf } from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import type { DType } from '../tensor/dtype.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { Tensor } from '../tensor/tensor.js'

/** Where kernels run. */
export type Device = 'cpu' | 'webgpu' | 'cuda' | 'coreml' | 'dml'
/** `auto` is the first available: of `cuda`, `coreml`, `dml`, `cpu` in Node, of `webgpu`, `cpu` in a browser. */
export type DeviceRequest = Device | 'auto'
/** Values of `--device` and `{ device }`. */
export const DEVICES: readonly DeviceRequest[] = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml', 'auto']
export const DEVICE: Check<DeviceRequest> = oneOf(...DEVICES)
export const ENGINE: Check<Engine> = anObject('an engine')

export const ENGINE_CHOICE = {
  /** The device; default `cpu`, in a browser `auto`. */
  device: DEVICE,
  /** An engine to compute on; by default all networks of a process share one for each device. */
  engine: ENGINE
}

/** Where to compute. */
export interface EngineChoice extends OptionsOf<typeof ENGINE_CHOICE> {}

export const EXPECTED_RUNS: Check<ExpectedRuns> = oneOf('few', 'many')

/** One named input or output of a program; `'N'` is the batch. */
export interface ProgramPort {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly (number | 'N')[]
}

/** A tensor that stays with the engine between runs, and its ports. */
export interface StateSlot {
  /** Its name in the state. */
  readonly name: string
  /** The program's input for it; undefined if only written. */
  readonly input?: string
  /** The program's output with its next value; undefined if only read. */
  readonly output?: string
}

/** Roughly how often a program will run. `few` loads in a fraction of the time and runs up to twice as long. */
export type ExpectedRuns = 'few' | 'many'

/** A program: ONNX bytes and ports. Loading it takes ownership of its bytes. */
export interface Program {
  readonly onnx: Uint8Array
  /** External data that the ONNX bytes refer to, by name. */
  readonly weights?: readonly { readonly name: string; readonly data: Uint8Array }[]
  /** Names of nodes to run on the CPU on any device, as WebGPU has no kernel for them. */
  readonly cpuNodes?: readonly string[]
  /** Expected number of runs; default `many`. */
  readonly expectedRuns?: ExpectedRuns
  /** Inputs, without state. */
  readonly inputs: readonly ProgramPort[]
  /** Outputs, without state. */
  readonly outputs: readonly ProgramPort[]
  /** The state it reads and changes; required to run it. */
  readonly state?: readonly StateSlot[]
  /** The state changes only if these outputs are finite. */
  readonly commitIf?: readonly string[]
}

/** Tensors by port name. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** Options of a run. */
export interface RunOptions {
  /** Move the inputs' memory to the engine instead of copying it; the tensors are unusable afterwards. */
  readonly transfer?: boolean
  /** The state, for programs that have one. */
  readonly state?: EngineState
}

/** Named tensors kept by an engine: the weights during training. */
export interface EngineState extends AsyncDisposable {
  /** Copies all or some tensors out. @throws EngineError for an unknown name. */
  read(names?: readonly string[]): Promise<StateDict>
  /**
   * Replaces tensors, or adds new ones; they are copied.
   * @throws EngineError when a tensor has another shape or dtype than before.
   */
  write(tensors: StateDict): Promise<void>
  /** Frees the memory. Optional: a forgotten state is freed when it is collected. */
  dispose(): Promise<void>
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
  /**
   * Keeps tensors for programs with state.
   * @param options.transfer give their memory to the engine instead of copying it; they are unusable afterwards.
   */
  createState(tensors: StateDict, options?: { readonly transfer?: boolean }): Promise<EngineState>
  /** Frees everything. Optional: an idle engine never keeps the process alive. */
  dispose(): Promise<void>
}

/** A failure to create a session or to run it. */
export class EngineError extends ResnetError {}
