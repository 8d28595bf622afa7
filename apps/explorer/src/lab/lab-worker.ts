// The lab: the one worker in which the library runs, so that the page's main thread stays free. Each part of the page
// has an object of its own here, whose methods the page calls as if they were its own (see open-lab.ts).
import { expose, proxy, type ProxyMarked } from 'comlink'
import { architecture } from './architecture.js'
import { run } from './run.js'
import type { TrainSession } from './train.js'
import type { TrainSettings } from './train-settings.js'

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
