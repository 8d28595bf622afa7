// “运行”部分的中文文字。
import type { Words } from '../en.js'

export const run: Words['run'] = {
  title: '运行网络',
  notYet: '本页暂时还不能运行网络，可以先用命令行：'
}
