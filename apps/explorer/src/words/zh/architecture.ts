// “结构”部分的中文文字。
import type { Words } from '../en.js'

export const architecture: Words['architecture'] = {
  network: '网络'
}
