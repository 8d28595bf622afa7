// The lab: the one worker in which the library runs, so that the page's main thread stays free. Each part of the page
// has an object of its own here, whose methods the page calls as if they were its own (see open-lab.ts).
import { expose, proxy } from 'comlink'
import { architecture } from './architecture.js'

const lab = { architecture: proxy(architecture) }

/** What the page may ask of the lab. */
export type Lab = typeof lab

expose(lab)
