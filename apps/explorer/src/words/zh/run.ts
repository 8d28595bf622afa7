// “运行”部分的中文文字。
import type { Words } from '../en.js'
import { percent } from '../percent.js'

export const run: Words['run'] = {
  title: '运行网络',
  network: '网络',
  bundled: '手写数字（自带，已训练）',
  photographs: '用于照片',
  smallPictures: '用于 32 × 32 小图',
  loadWeights: '加载权重…',
  device: '运行设备',
  devices: { auto: '自动选最快的', webgpu: '显卡（WebGPU）', cpu: '处理器（CPU）' },
  place: (device, threads) => (device === 'webgpu' ? 'WebGPU' : `CPU，${threads} 线程`),
  milliseconds: ms => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} 毫秒`,
  weightsFrom: file => `权重来自 ${file}`,
  bundledWeights: '已用 1,438 个手写数字训练',
  untrained: '尚未训练：权重由种子 0 随机生成，输出还没有意义。可将 .pth 或 .safetensors 文件拖到这里。',
  input: (channels, height, width) => `输入为 ${height} × ${width} 像素${channels === 1 ? '的灰度图' : ''}`,
  stages: {
    reading: '正在读取网络…',
    building: '正在生成初始权重…',
    starting: '正在启动计算内核…',
    running: '正在运行…'
  },
  cancel: '取消',
  again: '重试',
  dismiss: '关闭',
  details: '库给出的说明',
  dropHere: '松开即可载入图片或权重文件',

  picture: '图片',
  sources: { draw: '手绘', photograph: '照片', camera: '摄像头' },
  paper: '画板，可用鼠标、手指或触控笔',
  paperHint: '在这里写一个数字',
  paperHintAny: '在这里画点什么',
  undo: '撤销',
  clear: '清除',
  takeDigit: '或取一个它没有训练过的数字：',
  takeDigitLabel: digit => `取一个 ${digit}`,
  chooseFile: '选择图片…',
  bundledCat: '使用自带的猫照片',
  photographHint: '可将图片拖到这里，也可直接粘贴。',
  shownPicture: '网络看到的图片',
  glimpse: '它看到的',
  startCamera: '打开摄像头',
  cameraHint: '画面不会离开本页。',
  takePicture: '拍照',
  stopCamera: '停止',
  viewfinder: '摄像头画面',

  answer: '结果',
  nothingYet: '还没有结果：先给它一张图片。',
  topFive: '最可能的类别',
  answerIs: (label, score) => `结果：${label}，${percent(score)}`,
  percent,
  explainClass: '显示它的依据',
  save: '保存这些数值',
  saveHint: '网络的全部输出，JSON 格式',

  heat: '它在看哪里',
  heatEmpty: '有了结果之后，这里会显示图中哪些位置支持这个结果。',
  method: '方法',
  methods: {
    gradcam: '越亮的位置，越能提高该类别的得分。',
    'gradcam++': '与 Grad-CAM 相同，但逐个位置计算，同类的多个物体都能显示出来。',
    eigencam: '越亮的位置，该层的响应越强，与类别无关。'
  },
  layer: '层',
  ofClass: '类别',
  ownAnswer: '它自己的结果',
  opacity: '热力图不透明度',
  heatLabel: label => `叠加在图片上的热力图：网络判断“${label}”时看的位置`,
  least: '无',
  most: '最强',

  maps: '某一层的特征图',
  mapsEmpty: '有了结果之后，这里会显示该层每个通道的输出。',
  mapsOf: (channels, height, width) =>
    `${channels} 个通道，每个 ${height} × ${width}，由暗到亮表示各自的最小值到最大值`,

  faults: {
    picture: '无法读取这张图片。支持 JPEG、PNG、WebP 和 GIF。',
    weights: '无法从这个文件读取权重。支持 PyTorch 保存的文件和 .safetensors。',
    memory: '内存不足。可以换一个较小的网络，或关闭其他标签页后再试。',
    layer: '这个网络不能这样查看。',
    engine: '运行时无法完成这一步。可以在上方换一个设备再试。',
    unexpected: '出现了意料之外的问题。页面仍可继续使用，可以再试一次。',
    cancelled: '已取消。'
  },
  otherModel: (model, fits) => `这些权重不属于 ${model}，而是适合 ${fits.join('、')}。`,
  noModel: '这些权重不属于这里的任何模型，或属于改动过的模型。',
  openAs: model => `按 ${model} 打开`,
  camera: {
    refused: '摄像头权限被拒绝。请在浏览器设置中允许本页使用，或改为选择图片。',
    missing: '没有找到摄像头，请改为选择图片。',
    busy: '摄像头正被其他程序占用，请关闭后再试。',
    insecure: '浏览器只允许 https 或 localhost 页面使用摄像头，请改为选择图片。'
  },
  noWebGpu: '这里无法使用 WebGPU，已改用处理器运行，结果相同。',
  oneThread: '页面缺少多线程所需的响应头，目前以单线程运行。若浏览器允许 Service Worker，刷新页面即可解决。'
}
