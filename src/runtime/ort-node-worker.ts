// The worker behind an engine in Node: the only file that touches onnxruntime-node.
import { availableParallelism } from 'node:os'
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import { messageOf } from '../base/kinds.js'
import { answerOwner } from '../platform/node/workers.js'
import { answersWith } from './ort-worker.js'
import { OutputReserve } from './output-reserve.js'
import { hostMemory, webgpuProvider } from './ort-runtime.js'

// Errors are thrown and reported to the owner; the rest of the runtime's log is noise.
env.logLevel = 'fatal'

// The first request, even an invalid one, registers the runtime's operators: better now, while the owner reads weights.
await InferenceSession.create(new Uint8Array(1)).catch(() => {})

const FULL = 'There is not enough memory for this: a smaller batch or smaller images may fit'

const NO_THREADS =
  'The system refuses ONNX Runtime its threads: allow more processes (ulimit -u) or memory, or fewer threads, createEngine({ threads: 1 })'

/** Whether ONNX Runtime, or an allocation of ours, found no memory. */
function isOutOfMemory(error: unknown): boolean {
  return /bad_alloc|bfc_arena|failed to allocate memory|array buffer allocation failed|invalid typed array length/i.test(
    messageOf(error)
  )
}

// ONNX Runtime gives each program threads of its own. Fewer for later ones would change their results in the last bits.
const MANY_OPEN = 64
const TOO_MANY_OPEN = `More than ${MANY_OPEN} networks are open on one engine, each with threads of its own: dispose() of those that are done, or compile for createEngine({ threads: 1 })`

const reserve = new OutputReserve()

answerOwner(
  answersWith({
    Tensor,
    InferenceSession,
    memory: hostMemory(Tensor, true),
    beforeRun: (session, feeds) => reserve.hold(session, feeds),
    faultOf: error =>
      isOutOfMemory(error)
        ? FULL
        : messageOf(error).includes('pthread_create failed')
          ? NO_THREADS
          : undefined,
    candidates(device) {
      if (device === 'cpu') return []
      if (device !== 'auto') return [device]
      // Not WebGPU: its adapter may be a software one, which is far slower than the CPU.
      const bundled = listSupportedBackends().map(({ name }) => name)
      return (['cuda', 'coreml', 'dml'] as const).filter(name => bundled.includes(name))
    },
    advice: (_device, { threads = availableParallelism() }, open) =>
      open > MANY_OPEN && threads > 1 ? [TOO_MANY_OPEN] : [],
    options(device, { settings: { threads }, cpuNodes, state }) {
      return {
        executionProviders: [device === 'webgpu' ? webgpuProvider(cpuNodes) : device],
        // With memory patterns, the buffers of the first run, which precedes the pattern, are kept beside the later ones.
        enableMemPattern: state.length === 0,
        ...(threads === undefined ? {} : { intraOpNumThreads: threads })
      }
    }
  })
)
