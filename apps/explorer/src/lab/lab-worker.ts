// The lab: the one worker in which the library runs, so that the page's main thread stays free. Each part of the page
// has an object of its own here, whose methods the page calls as if they were its own (see open-lab.ts).
import { expose, proxy, type ProxyMarked } from 'comlink'
import { architecture } from './architecture.js'
import type { run as Run } from './run.js'
import type { TrainSession } from './train.js'
import type { TrainSettings } from './train-settings.js'

type RunLab = typeof Run

// One promise for all requests, so that they arrive in the order in which they were made: two imports of one module
// need not resolve in theirs, and then a request that a later one replaced would cancel that one.
let loading: Promise<RunLab> | undefined
const loadRun = (): Promise<RunLab> =>
  (loading ??= import('./run.js').then(
    ({ run }) => run,
    (error: unknown) => {
      // The next request tries again.
      loading = undefined
      throw error
    }
  ))

/** Running networks, whose code is loaded when it is first asked for: the page opens with an architecture. */
const run = {
  sampleLabels: async () => (await loadRun()).sampleLabels(),
  open: async (...request: Parameters<RunLab['open']>) => (await loadRun()).open(...request),
  show: async (...request: Parameters<RunLab['show']>) => (await loadRun()).show(...request),
  heat: async (...request: Parameters<RunLab['heat']>) => (await loadRun()).heat(...request),
  maps: async (...request: Parameters<RunLab['maps']>) => (await loadRun()).maps(...request),
  cancel: async () => {
    ;(await loadRun()).cancel()
  }
}

/** Training, whose code is loaded when it is first asked for: most visits do not train. */
const train = {
  async open(settings: TrainSettings): Promise<TrainSession & ProxyMarked> {
    const { TrainSession: Session } = await import('./train.js')
    return proxy(await Session.open(settings))
  }
}

const lab = { architecture: proxy(architecture), run: proxy(run), train: proxy(train) }

/** What the page may ask of the lab. */
export type Lab = typeof lab

expose(lab)
