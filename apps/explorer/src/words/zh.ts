// 页面的中文文字。
import type { Words } from './en.js'
import { architecture } from './zh/architecture.js'
import { run } from './zh/run.js'
import { train } from './zh/train.js'

export const zh: Words = {
  page: {
    title: 'resnet-ts 探索器',
    parts: { architecture: '结构', run: '运行', train: '训练' },
    partsLabel: '探索器的各个部分',
    skipLink: '跳到正文',
    switchLanguage: 'English',
    switchLanguageLabel: '切换到英文',
    toDark: '深色',
    toLight: '浅色',
    toDarkLabel: '切换到深色主题',
    toLightLabel: '切换到浅色主题'
  },
  notices: {
    label: '提示',
    dismiss: '关闭提示',
    ignored: (name, text) => `地址中的 ${name}=${text} 无效，已忽略。`,
    unknownPart: name => `本页没有“${name}”这一部分，现在显示的是“结构”。`,
    labFailed: reason => `计算线程无法启动（${reason}）。请刷新页面；若仍无法启动，请换用较新的浏览器。`
  },
  architecture,
  run,
  train
}
