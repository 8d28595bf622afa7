// “训练”部分的中文文字。
import type { Words } from '../en.js'

export const train: Words['train'] = {
  title: '训练网络',
  notYet: '本页暂时还不能训练网络，可以先用命令行：'
}
