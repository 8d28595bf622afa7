// 页面的中文文字。
import type { Words } from './en.js'
import { architecture } from './zh/architecture.js'
import { notices, page } from './zh/page.js'
import { run } from './zh/run.js'
import { train } from './zh/train.js'

export const zh: Words = { page, notices, architecture, run, train }
