// The page in English. Every other language has exactly these messages.
import { architecture } from './en/architecture.js'
import { notices, page } from './en/page.js'
import { run } from './en/run.js'
import { train } from './en/train.js'

export const en = { page, notices, architecture, run, train }

/** Everything the page says; a language that lacks something does not compile. */
export type Words = typeof en
