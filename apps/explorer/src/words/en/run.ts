// What the part "Run" says, in English.
import { percent } from '../percent.js'

export const run = {
  title: 'Run a network',
  network: 'Network',
  bundled: 'Handwritten digits (bundled, trained)',
  photographs: 'For photographs',
  smallPictures: 'For small pictures, 32 × 32',
  loadWeights: 'Load weights…',
  device: 'Runs on',
  devices: { auto: 'The fastest there is', webgpu: 'Graphics card (WebGPU)', cpu: 'Processor (CPU)' },
  place: (device: string, threads: number): string =>
    device === 'webgpu' ? 'WebGPU' : `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
  milliseconds: (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
  weightsFrom: (file: string): string => `Weights from ${file}`,
  bundledWeights: 'Trained on 1,438 handwritten digits',
  untrained:
    'Not trained: its weights are drawn from seed 0, so its answers mean nothing yet. Drop a .pth or .safetensors file here.',
  input: (channels: number, height: number, width: number): string =>
    `Sees ${height} × ${width} pixels${channels === 1 ? ' in grey' : ''}`,
  stages: {
    reading: 'Reading the network…',
    building: 'Drawing its weights…',
    starting: 'Starting the kernels…',
    running: 'Running…'
  },
  cancel: 'Cancel',
  again: 'Try again',
  dismiss: 'Dismiss',
  details: 'What the library says',
  dropHere: 'Drop a picture or a file of weights',

  picture: 'Picture',
  sources: { draw: 'Draw', photograph: 'Photograph', camera: 'Camera' },
  paper: 'Paper to draw on with mouse, finger or pen',
  paperHint: 'Draw a digit here',
  paperHintAny: 'Draw something here',
  undo: 'Undo',
  clear: 'Clear',
  takeDigit: 'Or take a digit it was not trained on:',
  takeDigitLabel: (digit: number): string => `Take a ${digit}`,
  chooseFile: 'Choose a picture…',
  bundledCat: 'Take the bundled cat',
  photographHint: 'Drop a picture anywhere here, or paste one.',
  shownPicture: 'The picture as the network sees it',
  glimpse: 'It sees',
  startCamera: 'Start the camera',
  cameraHint: 'Nothing leaves this page.',
  takePicture: 'Take the picture',
  stopCamera: 'Stop',
  viewfinder: 'What the camera sees',

  answer: 'Answer',
  nothingYet: 'Nothing to answer yet: show it a picture.',
  topFive: 'The most probable classes',
  answerIs: (label: string, score: number): string => `Answer: ${label}, ${percent(score)}`,
  percent,
  explainClass: 'Show what speaks for it',
  save: 'Save these numbers',
  saveHint: 'Every output of the network, as JSON',

  heat: 'Where it looks',
  heatEmpty: 'Once there is an answer, this shows which places speak for it.',
  method: 'Method',
  methods: {
    gradcam: 'Bright places hold what raises the score of the class.',
    'gradcam++': 'As Grad-CAM, place by place, so that several objects of a class all show.',
    eigencam: 'Bright places are where the layer answers most strongly, whatever the class.'
  },
  layer: 'Layer',
  ofClass: 'Class',
  ownAnswer: 'its own answer',
  opacity: 'Heat over the picture',
  heatLabel: (label: string): string => `Heat over the picture: where the network looks for ${label}`,
  least: 'nothing',
  most: 'most',

  maps: 'What a layer makes of it',
  mapsEmpty: 'Once there is an answer, this shows what each channel of a layer makes of the picture.',
  mapsOf: (channels: number, height: number, width: number): string =>
    `${channels} channels of ${height} × ${width}, each from its least (dark) to its most (bright)`,

  faults: {
    picture: 'This picture cannot be read. JPEG, PNG, WebP and GIF work.',
    weights: 'This file holds no weights that can be read. Files that PyTorch saved and .safetensors work.',
    memory: 'There is not enough memory for this. A smaller network may fit; closing other tabs helps, too.',
    layer: 'This network cannot be looked into that way.',
    engine: 'The runtime could not do this. Another device may: choose one above.',
    unexpected: 'Something went wrong here that should not. The page goes on; trying again may help.',
    cancelled: 'Cancelled.'
  },
  otherModel: (model: string, fits: readonly string[]): string =>
    `These weights are not of ${model}: they fit ${fits.join(' and ')}.`,
  noModel: 'These weights are of no model here, or of one that was changed.',
  openAs: (model: string): string => `Open as ${model}`,
  camera: {
    refused: 'The camera was refused. Allow it for this page in the browser’s settings, or choose a picture.',
    missing: 'There is no camera here. Choose a picture instead.',
    busy: 'The camera is in use elsewhere. Close what uses it, and try again.',
    insecure: 'Browsers give the camera only to pages from https or localhost. Choose a picture instead.'
  },
  noWebGpu: 'WebGPU is not to be had here, so this runs on the processor. The answers are the same.',
  oneThread:
    'This runs on one thread, since the page came without the headers that several need. Reloading the page helps where its service worker may run.'
}
