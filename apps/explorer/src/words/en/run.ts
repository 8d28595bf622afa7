// English words of the part "Run".

/** `0.9876` is `98.8 %`, the same in every language; a share above zero never reads as zero. */
export function percent(share: number): string {
  return share > 0 && share < 0.0005 ? '< 0.1 %' : `${(100 * share).toFixed(1)} %`
}

export const run = {
  title: 'Run a network',
  network: 'Network',
  bundled: 'Handwritten digits (bundled, trained)',
  photographs: 'For photographs',
  smallPictures: 'For small pictures, 32 × 32',
  loadWeights: 'Load weights…',
  device: 'Runs on',
  devices: { auto: 'Fastest available', webgpu: 'Graphics card (WebGPU)', cpu: 'Processor (CPU)' },
  place: (device: string, threads: number): string =>
    device === 'webgpu' ? 'WebGPU' : `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
  milliseconds: (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
  weightsFrom: (file: string): string => `Weights from ${file}`,
  bundledWeights: 'Trained on 1,438 handwritten digits',
  untrained:
    'Not trained: the weights are random (seed 0), so the output means nothing yet. Drop a .pth or .safetensors file here.',
  input: (channels: number, height: number, width: number): string =>
    `Input: ${height} × ${width} pixels${channels === 1 ? ', greyscale' : ''}`,
  stages: {
    reading: 'Reading the network…',
    building: 'Initialising the weights…',
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
  paper: 'Canvas to draw on with mouse, finger or pen',
  paperHint: 'Draw a digit here',
  paperHintAny: 'Draw something here',
  undo: 'Undo',
  clear: 'Clear',
  takeDigit: 'Or take a digit it was not trained on:',
  takeDigitLabel: (digit: number): string => `Take a ${digit}`,
  chooseFile: 'Choose a picture…',
  bundledCat: 'Use the bundled cat',
  photographHint: 'Drop a picture anywhere here, or paste one.',
  shownPicture: 'The picture as the network sees it',
  glimpse: 'Network input',
  startCamera: 'Start the camera',
  cameraHint: 'Nothing leaves this page.',
  takePicture: 'Take the picture',
  stopCamera: 'Stop',
  viewfinder: 'Camera image',

  answer: 'Prediction',
  nothingYet: 'No prediction yet: choose a picture.',
  topFive: 'The most probable classes',
  answerIs: (label: string, score: number): string => `Prediction: ${label}, ${percent(score)}`,
  percent,
  explainClass: 'Show the evidence for this class',
  save: 'Save these numbers',
  saveHint: 'Every output of the network, as JSON',

  heat: 'Where it looks',
  heatEmpty: 'After a prediction, this shows which regions support it.',
  method: 'Method',
  methods: {
    gradcam: 'Bright regions raise the score of the class.',
    'gradcam++':
      'Like Grad-CAM, but weighted position by position, so that several objects of a class show up.',
    eigencam: 'Bright regions are where the layer responds most strongly, whatever the class.'
  },
  layer: 'Layer',
  ofClass: 'Class',
  ownAnswer: 'predicted class',
  opacity: 'Opacity of the heat map',
  heatLabel: (label: string): string => `Heat map over the picture: where the network looks for ${label}`,
  least: 'none',
  most: 'most',

  maps: 'Feature maps of a layer',
  mapsEmpty: 'After a prediction, this shows the output of each channel of a layer.',
  mapsOf: (channels: number, height: number, width: number): string =>
    `${channels} channels of ${height} × ${width}, each scaled from its minimum (dark) to its maximum (bright)`,

  faults: {
    picture: 'This picture cannot be read. JPEG, PNG, WebP and GIF work.',
    weights: 'No weights can be read from this file. Files saved by PyTorch and .safetensors work.',
    memory: 'There is not enough memory for this. Try a smaller network, or close other tabs.',
    layer: 'This network cannot be inspected in this way.',
    engine: 'The runtime could not run this. Another device may work: choose one above.',
    unexpected: 'An unexpected error occurred. The page still works: try again.',
    cancelled: 'Cancelled.'
  },
  otherModel: (model: string, fits: readonly string[]): string =>
    `These weights do not fit ${model}: they fit ${fits.join(' and ')}.`,
  noModel: 'These weights fit none of the models here; they may belong to a modified one.',
  openAs: (model: string): string => `Open as ${model}`,
  camera: {
    refused:
      'Access to the camera was denied. Allow it for this page in the browser’s settings, or choose a picture.',
    missing: 'No camera was found. Choose a picture instead.',
    busy: 'Another program is using the camera. Close it, and try again.',
    insecure: 'Browsers allow the camera only on pages from https or localhost. Choose a picture instead.'
  },
  noWebGpu: 'WebGPU is not available here, so this runs on the processor. The results are the same.',
  oneThread:
    'This runs on one thread, because the page was served without the headers that multithreading needs. If service workers are allowed, reloading the page fixes this.'
}
