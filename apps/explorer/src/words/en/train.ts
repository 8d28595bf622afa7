// English words of the part "Train".
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const times = (ratio: number): string => Number(ratio.toPrecision(2)).toLocaleString('en-GB')
/** `1/60 of`, `0.42 of`, `3.1 times`. */
const part = (ratio: number): string =>
  ratio < 0.1 ? `1/${times(1 / ratio)} of` : `${times(ratio)} ${ratio < 1 ? 'of' : 'times'}`
const steps = (count: number): string => `${count.toLocaleString('en-GB')} ${count === 1 ? 'step' : 'steps'}`

export const train = {
  title: 'Train two networks',
  intro:
    'Both learn to recognise handwritten digits, from the same initial weights and the same batches. Only their shortcuts differ. Changing a setting starts over.',
  start: 'Start',
  goOn: 'Continue',
  pause: 'Pause',
  step: 'One step',
  reset: 'Start over',
  controls: 'Training',
  settings: 'Settings',
  depth: 'Depth',
  layers: (depth: number): string => `${depth} layers`,
  rate: 'Learning rate',
  batch: 'Batch size',
  seed: 'Seed',
  device: 'Device',
  devices: { auto: 'fastest', cpu: 'processor', webgpu: 'WebGPU' },
  lane: (number: number): string => `Network ${number}: a block computes`,
  shortcuts: {
    plain: 'no shortcut',
    identity: 'identity',
    product: 'product',
    half: 'halved',
    'exclusive-gate': 'exclusive gate',
    'shortcut-gate': 'shortcut-only gate',
    conv1x1: '1×1 convolution',
    dropout: 'dropout'
  },
  status: {
    ready: 'Ready.',
    preparing: 'Preparing the networks: the first step takes a few seconds …',
    running: 'Training. It continues while you look at another part.',
    pausing: 'Pausing after this step …',
    paused: 'Paused.',
    ended: 'Finished: neither network can be trained further.',
    failed: 'Stopped.'
  },
  progress: (made: number, perSecond: number | undefined): string =>
    steps(made) + (perSecond === undefined ? '' : ` · ${perSecond.toFixed(1)} per second`),
  loss: 'Loss',
  lossHint: 'of each batch, and smoothed',
  accuracy: 'Accuracy',
  accuracyHint: (count: number): string => `on ${count} held-out digits`,
  curveLabel: (title: string): string =>
    `${title}: curves of both networks. The table below has the latest values.`,
  gradient: 'How much gradient reaches each layer',
  gradientHint:
    'norm of the gradient of the loss with respect to each layer’s weights, from the first layer to the last, on a logarithmic scale',
  gradientLabel: (name: string, first: string, last: string): string =>
    `${name}: the gradient norm is ${first} in the first layer and ${last} in the last.`,
  gradientNone: (name: string): string => `${name}: no gradient yet.`,
  firstLayer: 'first layer',
  lastLayer: 'last layer',
  reading: 'What this shows',
  latest: 'Latest values',
  values: {
    steps: 'Steps',
    batchLoss: 'Loss of the last batch',
    loss: 'Loss, smoothed',
    accuracy: 'Accuracy',
    first: 'Gradient in the first layer',
    last: 'Gradient in the last layer',
    weights: 'Trained weights'
  },
  save: 'Save',
  saveLabel: (name: string): string => `Save the weights of ${name} as a .safetensors file`,
  saved: (file: string): string => `Saved as ${file}. On the command line it classifies pictures of digits:`,
  noGpu: 'WebGPU is not available here, so the networks are trained on the processor.',
  failure: (reason: string): string =>
    `The runtime failed, and training stopped: ${reason}. Start over, with a smaller network or batch if memory ran out.`,
  summary: (name: string, loss: string, accuracy: string): string =>
    `${name}: loss ${loss}, accuracy ${accuracy}.`,
  unknown: 'not measured yet',
  facts: {
    early: (made: number): string =>
      made === 0
        ? 'Nothing yet. Press Start to see what a shortcut does.'
        : `${steps(made)}: too early to compare the networks.`,
    diverged: (name: string, at: number): string =>
      `${name} diverged at step ${at}: its values overflowed. Its weights are those before that step; try a lower learning rate or fewer layers.`,
    failed: (name: string, reason: string): string => `${name} cannot be trained any further: ${reason}.`,
    bothGuess: (made: number, a: string, accuracyA: number, b: string, accuracyB: number): string =>
      `After ${steps(made)} neither does much better than guessing: ${a} recognises ${percent(accuracyA)} of the digits, ${b} ${percent(accuracyB)}.`,
    oneGuesses: (made: number, weak: string, low: number, strong: string, high: number): string =>
      `After ${steps(made)} ${weak} still guesses (${percent(low)}), while ${strong} recognises ${percent(high)} of the digits.`,
    ahead: (made: number, ahead: string, high: number, behind: string, low: number): string =>
      `After ${steps(made)} ${ahead} is ahead: it recognises ${percent(high)} of the digits, ${behind} ${percent(low)}.`,
    alike: (made: number, a: string, accuracyA: number, b: string, accuracyB: number): string =>
      `After ${steps(made)} both do equally well: ${a} recognises ${percent(accuracyA)} of the digits, ${b} ${percent(accuracyB)}.`,
    losses: (lower: string, higher: string, ratio: number): string =>
      `The loss of ${lower} is ${times(ratio)} times lower than that of ${higher}.`,
    reach: (a: string, reachA: number, b: string, reachB: number): string =>
      `In ${a} the first layer’s gradient is ${part(reachA)} the last layer’s, in ${b} ${part(reachB)} it (medians of the last ten steps).`,
    vanishes: (name: string): string => ` In ${name} it vanishes.`,
    vanishesInBoth: ' It vanishes in both.',
    arrives: ' In both it reaches the first layer.'
  }
}
