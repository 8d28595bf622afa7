// What can run a program: the interface that every engine implements and `compile` speaks to.
// An engine knows ONNX bytes and named tensors; it knows nothing of graphs or modules.
import { anObject, oneOf, type Check } from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import type { DType } from '../tensor/dtype.js'
import type { StateDict } from '../tensor/state-dict.js'
import type { Tensor } from '../tensor/tensor.js'

/** Where kernels run. */
export type Device = 'cpu' | 'webgpu' | 'cuda' | 'coreml' | 'dml'
/**
 * A device as a user asks for it. `auto` is the first that is there: in Node of `cuda`, `coreml`, `dml` and `cpu`, in a
 * browser of `webgpu` and `cpu`.
 */
export type DeviceRequest = Device | 'auto'
/** Every spelling that `--device` and `{ device }` accept. */
export const DEVICES: readonly DeviceRequest[] = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml', 'auto']
/** What an option that names a device must be. */
export const DEVICE: Check<DeviceRequest> = oneOf(...DEVICES)
/** What an option that is an engine must be. */
export const ENGINE: Check<Engine> = anObject('an engine')
/** What an option that tells how often a program runs must be. */
export const EXPECTED_RUNS: Check<ExpectedRuns> = oneOf('few', 'many')

/** One named input or output of a program; `'N'` is the batch. */
export interface ProgramPort {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly (number | 'N')[]
}

/** A tensor that stays with the engine from run to run, and how a program reads and changes it. */
export interface StateSlot {
  /** Its name in the state. */
  readonly name: string
  /** The program's input that it is fed to; without one it is only written. */
  readonly input?: string
  /** The program's output that becomes its next value; without one it is only read. */
  readonly output?: string
}

/**
 * How often a program will run, about. `few` is ready in a fraction of the time, and takes up to twice as long to run: it
 * is run as it is, and nothing is laid out anew for the kernels that are quickest.
 */
export type ExpectedRuns = 'few' | 'many'

/** A program: ONNX bytes and what goes in and comes out. Loading it takes ownership of its bytes. */
export interface Program {
  readonly onnx: Uint8Array
  /** Blocks of weights that the ONNX bytes refer to as external data, by the name they use. */
  readonly weights?: readonly { readonly name: string; readonly data: Uint8Array }[]
  /** Names of nodes that the processor is to compute on any device, since WebGPU has no kernel for them. */
  readonly cpuNodes?: readonly string[]
  /** How often it will run, about; default `many`. */
  readonly expectedRuns?: ExpectedRuns
  /** What a caller feeds; state is not among it. */
  readonly inputs: readonly ProgramPort[]
  /** What a caller gets; state is not among it. */
  readonly outputs: readonly ProgramPort[]
  /** What it reads and changes of a state; such a program can only be run on one. */
  readonly state?: readonly StateSlot[]
  /** Outputs that have to be finite for the state to change: a run that fails them leaves it as it was. */
  readonly commitIf?: readonly string[]
}

/** What a program is fed or gives, by the names of its ports. */
export type NamedTensors = Readonly<Record<string, Tensor>>

/** How one run is carried out. */
export interface RunOptions {
  /** Give the inputs' memory to the engine instead of copying it: faster, and the tensors are unusable afterwards. */
  readonly transfer?: boolean
  /** What to run on, for a program with state. */
  readonly state?: EngineState
}

/** Named tensors that an engine keeps, for programs to read and change: the weights while they are trained. */
export interface EngineState extends AsyncDisposable {
  /**
   * Copies tensors out, all of them or some.
   * @throws EngineError when there is none of a name.
   */
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
