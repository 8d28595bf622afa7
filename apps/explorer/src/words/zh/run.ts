// “运行”部分的中文文字。
import type { Words } from '../en.js'
import { percent } from '../en/run.js'

export const run: Words['run'] = {
  title: '运行网络',
  network: '网络',
  bundled: '手写数字（自带，已训练）',
  photographs: '用于照片',
  smallPictures: '用于 32 × 32 小图',
  loadWeights: '加载权重……',
  device: '运行设备',
  devices: { auto: '自动选择最快的设备', webgpu: 'GPU（WebGPU）', cpu: 'CPU' },
  place: (device, threads) => (device === 'webgpu' ? 'WebGPU' : `CPU，${threads} 线程`),
  milliseconds: ms => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} 毫秒`,
  weightsFrom: file => `权重来自 ${file}`,
  bundledWeights: '已用 1,438 个手写数字训练',
  untrained: '尚未训练：权重由随机种子 0 生成，输出没有意义。可将 .pth 或 .safetensors 文件拖到这里。',
  input: (channels, height, width) => `输入为 ${height} × ${width} 像素${channels === 1 ? '的灰度图' : ''}`,
  stages: {
    reading: '正在读取网络……',
    building: '正在初始化权重……',
    starting: '正在加载计算内核……',
    running: '正在运行……'
  },
  cancel: '取消',
  again: '重试',
  dismiss: '关闭',
  details: '错误详情',
  dropHere: '松开即可载入图片或权重文件',

  picture: '图片',
  sources: { draw: '手绘', photograph: '照片', camera: '摄像头' },
  paper: '画板，可用鼠标、手指或触控笔',
  paperHint: '在这里写一个数字',
  paperHintAny: '在这里画点什么',
  undo: '撤销',
  clear: '清除',
  takeDigit: '或选一个未参与训练的数字：',
  takeDigitLabel: digit => `选一个 ${digit}`,
  chooseFile: '选择图片……',
  bundledCat: '使用自带的猫照片',
  photographHint: '可将图片拖到这里，也可直接粘贴。',
  shownPicture: '网络的输入图片',
  glimpse: '网络输入',
  startCamera: '打开摄像头',
  cameraHint: '画面不会离开本页。',
  takePicture: '拍照',
  stopCamera: '停止',
  viewfinder: '摄像头画面',

  answer: '预测',
  nothingYet: '还没有预测结果：请先选择图片。',
  topFive: '最可能的类别',
  answerIs: (label, score) => `预测：${label}，${percent(score)}`,
  percent,
  explainClass: '显示该类别的依据',
  save: '保存这些数值',
  saveHint: '网络的全部输出，JSON 格式',

  heat: '网络在看哪里',
  heatEmpty: '得到预测后，这里会显示图中哪些区域支持该预测。',
  method: '方法',
  methods: {
    gradcam: '越亮的区域，越能提高该类别的得分。',
    'gradcam++': '与 Grad-CAM 类似，但逐位置加权，同类的多个物体都能显示出来。',
    eigencam: '越亮的区域，该层的响应越强，与类别无关。'
  },
  layer: '层',
  ofClass: '类别',
  ownAnswer: '预测类别',
  opacity: '热力图不透明度',
  heatLabel: label => `叠加在图片上的热力图：网络判断“${label}”时关注的区域`,
  least: '无',
  most: '最强',

  maps: '某一层的特征图',
  mapsEmpty: '得到预测后，这里会显示该层每个通道的输出。',
  mapsOf: (channels, height, width) =>
    `${channels} 个通道，每个 ${height} × ${width}，由暗到亮表示各自的最小值到最大值`,

  faults: {
    picture: '无法读取这张图片。支持 JPEG、PNG、WebP 和 GIF。',
    weights: '无法从这个文件读取权重。支持 PyTorch 保存的文件和 .safetensors。',
    memory: '内存不足。可以换一个较小的网络，或关闭其他标签页后再试。',
    layer: '这个网络不支持这种查看方式。',
    engine: '推理引擎无法完成这一步。可以在上方换一个设备再试。',
    unexpected: '发生了意外错误。页面仍可使用，请重试。',
    cancelled: '已取消。'
  },
  otherModel: (model, fits) => `这些权重与 ${model} 不匹配，适用于 ${fits.join('、')}。`,
  noModel: '这些权重与这里的任何模型都不匹配，可能属于修改过的模型。',
  openAs: model => `用 ${model} 打开`,
  camera: {
    refused: '无法访问摄像头：权限被拒绝。请在浏览器设置中允许本页使用，或改为选择图片。',
    missing: '没有找到摄像头，请改为选择图片。',
    busy: '摄像头正被其他程序占用，请关闭后再试。',
    insecure: '浏览器只允许 https 或 localhost 页面使用摄像头，请改为选择图片。'
  },
  noWebGpu: '这里无法使用 WebGPU，已改用 CPU 运行，结果相同。',
  oneThread: '页面缺少多线程所需的响应头，目前以单线程运行。若浏览器允许 Service Worker，刷新页面即可解决。'
}
