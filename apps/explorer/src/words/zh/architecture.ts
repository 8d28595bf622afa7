// “结构”部分的中文文字。
import type { Words } from '../en.js'

export const architecture: Words['architecture'] = {
  network: '网络',
  classes: '类别数',
  onShortcut: '捷径上',
  skips: {
    identity: '恒等映射 x',
    half: '各乘一半 0.5 · x',
    'exclusive-gate': '互斥门控',
    'shortcut-gate': '仅捷径门控',
    conv1x1: '1×1 卷积',
    dropout: 'Dropout',
    product: '乘积 F(x) · x'
  },
  shortcuts: '捷径连接',
  compareWith: '对比',
  nothing: '不对比',
  twin: '对应的朴素网络（无捷径）',
  own: '自己的网络',
  groups: {
    resnet: 'ResNet',
    attention: '带注意力（SE、CBAM、ECA）',
    preact: '预激活',
    tweaks: 'ResNet-C 与 -D',
    vgg: 'VGG',
    cifar: '用于小图像（CIFAR）',
    timm: 'timm 的其他网络'
  },
  plainOf: name => `${name}（无捷径）`,
  drawingOf: name => `${name} 的结构图`,
  input: '输入',
  repeats: (count, type) => `${count} × ${type}`,
  joins: { add: '相加', mul: '相乘' },
  counted: layers => `已计入 ${layers} 层`,
  zoomIn: '放大',
  zoomOut: '缩小',
  fit: '适应窗口',
  working: '正在构建网络……',
  nothingToDraw: '还没有可画的网络。',
  details: '详情',
  layerCount: '层数',
  layers: () => '层',
  count: '统计层数',
  stopCounting: '结束统计',
  printed: 'print(net) 的输出',
  linesOf: (first, last, all) =>
    first === last ? `第 ${first} 行，共 ${all} 行` : `第 ${first}–${last} 行，共 ${all} 行`,
  stepping: {
    label: '逐步查看网络',
    previous: '上一步',
    next: '下一步',
    play: '播放',
    pause: '暂停',
    stop: '结束',
    place: (step, steps) => `${step} / ${steps}`
  },
  panel: {
    hint: '点击任一部分查看详情；阶段和残差块可以展开。',
    type: '类型',
    comesIn: '输入形状',
    goesOut: '输出形状',
    parameters: '参数量',
    multiplyAdds: '乘加次数'
  },
  happens: {
    begins: '输入图像：通道 × 高 × 宽。',
    same: '形状不变。',
    channels: (from, to) => `通道数由 ${from} 变为 ${to}。`,
    size: (from, to) => `尺寸由 ${from} 变为 ${to}。`,
    reshaped: (from, to) => `形状由 ${from} 变为 ${to}。`,
    added: '两个分支在此汇合：F(x) 与 x 逐元素相加。',
    multiplied: '两个分支在此汇合：逐元素相乘，一个分支作为另一个的门控。',
    alongside: '与此同时，x 沿捷径原样通过（恒等映射）。',
    alongsideThrough: parts => `与此同时，x 沿捷径经过 ${parts}。`
  },
  comparison: {
    caption: '并排对比',
    layers: '带权重的层数',
    depth: '从输入到输出的步数',
    parameters: '参数量',
    multiplyAdds: '乘加次数',
    memory: '全部激活值的字节数',
    ratio: '比值'
  },
  paste: {
    open: '粘贴自己的网络',
    title: '自己的网络',
    explain:
      '请输入一段 JavaScript：从 resnet-ts 导入，并默认导出一个网络，即 Module 实例、Module 的子类，或返回网络的函数。可另外导出 inputShape 指定输入形状，默认为 [1, 3, 224, 224]。',
    code: '代码',
    draw: '绘制',
    drawing: '正在绘制……',
    close: '关闭',
    fromAddress: '这段代码来自链接，点击按钮后才会运行，请先阅读。',
    tooLong: '代码太长，无法放入网址，因此不能通过链接分享。',
    tooSlow: seconds => `已停止：代码运行 ${seconds} 秒后仍未结束。`,
    broke: reason => `后台线程出错：${reason}。`
  },
  unknown: (name, text) => `地址中的 ${name}=${text} 在这个网络中不存在，已忽略。`
}
