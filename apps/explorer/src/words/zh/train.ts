// “训练”部分的中文文字。
import type { Words } from '../en.js'

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`
const times = (ratio: number): string => Number(ratio.toPrecision(2)).toLocaleString('zh-CN')
const part = (ratio: number): string => (ratio < 0.1 ? `1/${times(1 / ratio)}` : `${times(ratio)} 倍`)

export const train: Words['train'] = {
  title: '同时训练两个网络',
  intro: '两个网络学习识别手写数字：初始权重相同，每个批次相同，只有捷径连接不同。更改设置后将重新开始训练。',
  start: '开始',
  goOn: '继续',
  pause: '暂停',
  step: '单步',
  reset: '重新开始',
  controls: '训练控制',
  settings: '设置',
  depth: '深度',
  layers: depth => `${depth} 层`,
  rate: '学习率',
  batch: '批量大小',
  seed: '随机种子',
  device: '设备',
  devices: { auto: '自动选择', cpu: 'CPU', webgpu: 'WebGPU' },
  lane: number => `网络 ${number}：每个残差块计算`,
  shortcuts: {
    plain: '无捷径',
    identity: '恒等映射',
    product: '相乘',
    half: '各乘一半',
    'exclusive-gate': '互斥门控',
    'shortcut-gate': '仅捷径门控',
    conv1x1: '1×1 卷积',
    dropout: 'Dropout'
  },
  status: {
    ready: '准备就绪。',
    preparing: '正在准备网络，第一步需要几秒钟……',
    running: '正在训练。切换到其他部分时训练仍会继续。',
    pausing: '这一步完成后暂停……',
    paused: '已暂停。',
    ended: '训练结束：两个网络都无法继续训练。',
    failed: '已停止。'
  },
  progress: (made, perSecond) =>
    `${made} 步${perSecond === undefined ? '' : ` · 每秒 ${perSecond.toFixed(1)} 步`}`,
  loss: '损失',
  lossHint: '每个批次的损失，以及平滑后的曲线',
  accuracy: '准确率',
  accuracyHint: count => `在未参与训练的 ${count} 个数字上测得`,
  curveLabel: title => `${title}：两个网络的曲线。最新数值见下方表格。`,
  gradient: '传到每一层的梯度',
  gradientHint: '损失对各层权重的梯度范数，从第一层到最后一层，对数刻度',
  gradientLabel: (name, first, last) => `${name}：第一层的梯度范数为 ${first}，最后一层为 ${last}。`,
  gradientNone: name => `${name}：还没有梯度。`,
  firstLayer: '第一层',
  lastLayer: '最后一层',
  reading: '结果解读',
  latest: '最新数值',
  values: {
    steps: '步数',
    batchLoss: '上一批次的损失',
    loss: '损失（平滑后）',
    accuracy: '准确率',
    first: '第一层的梯度',
    last: '最后一层的梯度',
    weights: '训练好的权重'
  },
  save: '保存',
  saveLabel: name => `将 ${name} 的权重保存为 .safetensors 文件`,
  saved: file => `已保存为 ${file}。在命令行中可以用它识别数字图片：`,
  noGpu: '这里无法使用 WebGPU，已改用 CPU 训练。',
  failure: reason =>
    `推理引擎出错，训练已停止：${reason}。请重新开始；若是内存不足，请选用更小的网络或批量大小。`,
  summary: (name, loss, accuracy) => `${name}：损失 ${loss}，准确率 ${accuracy}。`,
  unknown: '尚未测量',
  facts: {
    early: made =>
      made === 0 ? '还没有数据。点击“开始”，看看捷径有什么作用。' : `仅 ${made} 步，还不足以比较两个网络。`,
    diverged: (name, at) =>
      `${name} 在第 ${at} 步发散：数值溢出。权重停留在这一步之前；可以尝试更低的学习率或更少的层。`,
    failed: (name, reason) => `${name} 无法继续训练：${reason}。`,
    bothGuess: (made, a, accuracyA, b, accuracyB) =>
      `${made} 步之后，两者都与随机猜测相差无几：${a} 的准确率为 ${percent(accuracyA)}，${b} 为 ${percent(accuracyB)}。`,
    oneGuesses: (made, weak, low, strong, high) =>
      `${made} 步之后，${weak} 仍相当于随机猜测（${percent(low)}），而 ${strong} 的准确率已达 ${percent(high)}。`,
    ahead: (made, ahead, high, behind, low) =>
      `${made} 步之后，${ahead} 领先：准确率为 ${percent(high)}，${behind} 为 ${percent(low)}。`,
    alike: (made, a, accuracyA, b, accuracyB) =>
      `${made} 步之后，两者不相上下：${a} 的准确率为 ${percent(accuracyA)}，${b} 为 ${percent(accuracyB)}。`,
    losses: (lower, higher, ratio) => `${higher} 的损失是 ${lower} 的 ${times(ratio)} 倍。`,
    reach: (a, reachA, b, reachB) =>
      `在 ${a} 中，第一层的梯度是最后一层的 ${part(reachA)}；在 ${b} 中是 ${part(reachB)}（均为最近十步的中位数）。`,
    vanishes: name => `${name} 的梯度在反向传播中消失了。`,
    vanishesInBoth: '两者的梯度都在反向传播中消失了。',
    arrives: '两者的梯度都能传到第一层。'
  }
}
