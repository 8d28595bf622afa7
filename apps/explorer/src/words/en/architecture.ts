// English words of the part "Architecture".
import type { Skip } from 'resnet-ts/models'

// A name of the library that is missing here is a compile error.
const skips: Readonly<Record<Skip, string>> = {
  identity: 'identity, x',
  half: 'half of each, 0.5 · x',
  'exclusive-gate': 'exclusive gate',
  'shortcut-gate': 'shortcut-only gate',
  conv1x1: '1×1 convolution',
  dropout: 'dropout',
  product: 'the product, F(x) · x'
}

export const architecture = {
  network: 'Network',
  classes: 'Classes',
  onShortcut: 'On the shortcut',
  skips,
  shortcuts: 'Shortcuts',
  compareWith: 'Compare with',
  nothing: 'nothing',
  twin: 'its plain twin',
  own: 'your own',
  groups: {
    resnet: 'ResNet',
    attention: 'With attention (SE, CBAM, ECA)',
    preact: 'Pre-activation',
    tweaks: 'ResNet-C and -D',
    vgg: 'VGG',
    cifar: 'For small images (CIFAR)',
    timm: 'More of timm'
  },
  plainOf: (name: string): string => `${name}, plain`,
  drawingOf: (name: string): string => `Drawing of ${name}`,
  input: 'input',
  repeats: (count: number, type: string): string => `${count} × ${type}`,
  joins: { add: 'sum', mul: 'product' },
  counted: (layers: number): string => `${layers} ${layers === 1 ? 'layer' : 'layers'} counted`,
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit',
  working: 'Building the network …',
  nothingToDraw: 'There is no network to draw yet.',
  details: 'Details',
  layerCount: 'Number of layers',
  layers: (count: number): string => (count === 1 ? 'layer' : 'layers'),
  count: 'Count the layers',
  stopCounting: 'Stop counting',
  printed: 'Output of print(net)',
  linesOf: (first: number, last: number, all: number): string =>
    first === last ? `line ${first} of ${all}` : `lines ${first}–${last} of ${all}`,
  stepping: {
    label: 'Step through the network',
    previous: 'Back',
    next: 'Step',
    play: 'Play',
    pause: 'Pause',
    stop: 'Stop stepping',
    place: (step: number, steps: number): string => `${step} of ${steps}`
  },
  panel: {
    hint: 'Click a part for its details; stages and blocks unfold.',
    type: 'Type',
    comesIn: 'Input shape',
    goesOut: 'Output shape',
    parameters: 'Parameters',
    multiplyAdds: 'Multiply-adds'
  },
  happens: {
    begins: 'The input is an image: channels × height × width.',
    same: 'The shape does not change.',
    channels: (from: number, to: number): string => `${from} channels become ${to}.`,
    size: (from: string, to: string): string => `${from} becomes ${to}.`,
    reshaped: (from: string, to: string): string => `${from} becomes ${to}.`,
    added: 'The two branches meet: F(x) and x are added, element by element.',
    multiplied:
      'The two branches meet: they are multiplied, element by element, so that one gates the other.',
    alongside: 'Meanwhile, x takes the shortcut, unchanged.',
    alongsideThrough: (parts: string): string => `Meanwhile, x takes the shortcut through ${parts}.`
  },
  comparison: {
    caption: 'Side by side',
    layers: 'Layers with weights',
    depth: 'Steps from input to output',
    parameters: 'Parameters',
    multiplyAdds: 'Multiply-adds',
    memory: 'Bytes of all activations',
    ratio: 'ratio'
  },
  paste: {
    open: 'Paste your own',
    title: 'Your own network',
    explain:
      'JavaScript that imports from resnet-ts and has a network as its default export: a Module, a subclass of Module, or a function that returns one. The export inputShape sets the input shape; the default is [1, 3, 224, 224].',
    code: 'The code',
    draw: 'Draw it',
    drawing: 'Drawing …',
    close: 'Close',
    fromAddress: 'This code came with the link. It runs only when you press the button: read it first.',
    tooLong: 'This code is too long for a URL, so a link cannot share it.',
    tooSlow: (seconds: number): string => `Stopped: the code was still running after ${seconds} seconds.`,
    broke: (reason: string): string => `The worker failed: ${reason}.`
  },
  unknown: (name: string, text: string): string =>
    `The address has ${name}=${text}, which does not exist in this network; it is ignored.`
}
