// The worker behind an engine in Node: the only file that touches onnxruntime-node.
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import { answerOwner } from '../platform/node/workers.js'
import { answersWith } from './ort-worker.js'
import { hostMemory } from './state-memory.js'
import { webgpuProvider } from './ort-runtime.js'

// Errors are thrown and told; what else the runtime logs is nobody's concern.
env.logLevel = 'fatal'

// The runtime registers its operators when it is first asked for a session, even of nothing: better while the owner still
// reads weights than when they are there.
await InferenceSession.create(new Uint8Array(1)).catch(() => {})

answerOwner(
  answersWith({
    Tensor,
    InferenceSession,
    memory: hostMemory(Tensor, true),
    candidates(device) {
      if (device === 'cpu') return []
      if (device !== 'auto') return [device]
      // WebGPU is not among them: its adapter may be a software one, which is far slower than the CPU.
      const bundled = listSupportedBackends().map(({ name }) => name)
      return (['cuda', 'coreml', 'dml'] as const).filter(name => bundled.includes(name))
    },
    options(device, { settings: { threads }, cpuNodes, state }) {
      return {
        executionProviders: [device === 'webgpu' ? webgpuProvider(cpuNodes) : device],
        // With it the memory of the first run, which comes before there is a pattern, stays beside that of the others.
        enableMemPattern: state.length === 0,
        ...(threads === undefined ? {} : { intraOpNumThreads: threads })
      }
    }
  })
)
