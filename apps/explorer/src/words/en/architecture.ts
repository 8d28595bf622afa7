// What the part "Architecture" says, in English.
import type { Skip } from 'resnet-ts/models'

const skips: Readonly<Record<Skip, string>> = {
  identity: 'identity, x',
  half: 'half of each, 0.5 · x',
  'exclusive-gate': 'exclusive gate',
  'shortcut-gate': 'gate on the shortcut',
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
    own: 'Your own'
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
  nothingToDraw: 'Nothing is drawn yet.',
  details: 'Details',
  layerCount: 'Number of layers',
  layers: (count: number): string => (count === 1 ? 'layer' : 'layers'),
  count: 'Count the layers',
  stopCounting: 'Stop counting',
  printed: 'What print(net) prints',
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
    hint: 'Click a part to see what it is; stages and blocks unfold.',
    type: 'Type',
    comesIn: 'Comes in',
    goesOut: 'Goes out',
    parameters: 'Parameters',
    multiplyAdds: 'Multiply-adds'
  },
  happens: {
    begins: 'An image comes in: channels × height × width.',
    same: 'The shape stays as it is.',
    channels: (from: number, to: number): string => `${from} channels become ${to}.`,
    size: (from: string, to: string): string => `${from} becomes ${to}.`,
    reshaped: (from: string, to: string): string => `${from} becomes ${to}.`,
    added: 'Both ways meet: F(x) and x are added, element by element.',
    multiplied: 'Both ways meet: one multiplies the other, and so says how much of it passes.',
    alongside: 'At the same time x takes the shortcut, unchanged.',
    alongsideThrough: (parts: string): string => `At the same time x takes the way through ${parts}.`
  },
  comparison: {
    caption: 'Side by side',
    layers: 'Layers with weights',
    depth: 'Steps from input to output',
    parameters: 'Parameters',
    multiplyAdds: 'Multiply-adds',
    memory: 'Bytes of all outputs',
    ratio: 'ratio'
  },
  paste: {
    open: 'Paste your own',
    title: 'Your own network',
    explain:
      'JavaScript that imports from resnet-ts and exports a network by default: a Module, a class of one, or a function that gives one. An export named inputShape says what it takes; otherwise that is [1, 3, 224, 224].',
    code: 'The code',
    draw: 'Draw it',
    drawing: 'Drawing …',
    close: 'Close',
    fromAddress: 'This code came with the address. It runs only when you say so: read it first.',
    tooLong: 'This code is too long for the address, so the address cannot share it.',
    tooSlow: (seconds: number): string =>
      `It was stopped: after ${seconds} seconds it had not come to an end.`,
    broke: (reason: string): string => `Its worker broke down: ${reason}.`
  },
  unknown: (name: string, text: string): string =>
    `The address says ${name}=${text}, which this network does not have: ignored.`
}
