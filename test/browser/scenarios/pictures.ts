// What a browser and Node write and draw both, to be compared: texts to the letter, pictures to the pixel.
import {
  type Tensor,
  cifar_resnet8,
  createLoader,
  digits,
  drawDiagram,
  formatSummary,
  gradCam,
  manualSeed,
  rand,
  readImage,
  resnet18,
  sgd,
  summarize,
  toTensor,
  type Engine
} from 'resnet-ts'
import {
  buildTwins,
  coloured,
  compareGradientFlow,
  contactSheet,
  explainPage,
  featureSheet,
  filterSheet,
  gradientFlowPage,
  integratedGradients,
  overlay,
  scoreCam,
  type FlowComparison
} from 'resnet-ts/explain'
import { printGraph } from 'resnet-ts/functional'
import { encodePng, type Picture } from 'resnet-ts/images'
import { diagramHtml, DIAGRAM_STYLES } from 'resnet-ts/inspect'
import { preact_resnet18 } from 'resnet-ts/models'
import { trace } from 'resnet-ts/nn'
import { htmlReport } from 'resnet-ts/train'
import { sha256 } from '../served.js'

/** Texts of all kinds; the comparison is one that Node has made, since its numbers differ in their last digits. */
export async function writeTexts(comparison: FlowComparison): Promise<Record<string, string>> {
  manualSeed(0)
  const net = resnet18({ numClasses: 5 })
  const png = Uint8Array.of(1, 2, 3)
  const epochs = [1, 2, 3].map(epoch => ({
    epoch,
    step: 10 * epoch,
    learningRate: 0.1,
    train: { loss: 1 / epoch, accuracy: 1 - 0.5 / epoch },
    seconds: 2,
    imagesPerSecond: 100
  }))
  return {
    print: String(net),
    summary: formatSummary(summarize(net, { input: ['N', 3, 64, 64] })),
    graph: printGraph(trace(net, ['N', 3, 64, 64]).graph),
    ...Object.fromEntries(
      DIAGRAM_STYLES.map(style => [style, drawDiagram(preact_resnet18(), { style, theme: 'light' })])
    ),
    diagram: diagramHtml(net),
    report: htmlReport({ title: 'A run', settings: { lr: '0.1' }, epochs }),
    explanation: explainPage({
      title: 'A cat',
      reading: 'The face.',
      picture: png,
      heat: { png, alpha: 0.5, colours: 'inferno' },
      classes: [{ label: 'cat', score: 0.9, isChosen: true }],
      facts: { method: 'gradCam' }
    }),
    flow: await gradientFlowPage(comparison, { title: 'Flow' })
  }
}

/** Plain data. */
export async function compareFlow(): Promise<FlowComparison> {
  const twins = buildTwins('cifar_resnet8', cifar_resnet8, { seed: 0, inChannels: 1 })
  const train = createLoader(await digits(), { batchSize: 32, transforms: [toTensor()], dropLast: true })
  return compareGradientFlow([twins], { train, steps: 3, every: 1, optimizer: sgd({ lr: 0.05 }) })
}

/** Pictures of all kinds, each through a PNG and back: its size and the hash of its pixels. */
export async function drawPictures(): Promise<Record<string, string>> {
  manualSeed(3)
  const heat = rand([24, 32])
  const image: Picture = {
    width: 32,
    height: 24,
    channels: 3,
    data: new Uint8Array(32 * 24 * 3).map((_, i) => i % 256)
  }
  const pictures = {
    coloured: coloured(heat),
    overlay: overlay(image, heat, { alpha: 0.4, colours: 'viridis' }),
    features: featureSheet(rand([6, 5, 5])),
    filters: filterSheet(rand([8, 3, 3, 3])),
    sheet: contactSheet([image, coloured(heat, 'grey')], { columns: 1 })
  }
  const read = await Promise.all(
    Object.entries(pictures).map(async ([name, picture]) => {
      const { width, height, data } = await readImage(await encodePng(picture))
      return [name, `${width} × ${height} ${await sha256(data)}`] as const
    })
  )
  return Object.fromEntries(read)
}

/** Heat of every kind of method: one that asks for gradients, one for pixels' gradients, one for many forward passes. */
export async function explain(engine?: Engine): Promise<Record<string, number[]>> {
  manualSeed(1)
  const net = cifar_resnet8({ inChannels: 1 }).eval()
  const images = rand([2, 1, 16, 16])
  const options = { input: ['N', 1, 16, 16], ...(engine ? { engine } : {}) } as const
  const explainers = {
    gradCam: await gradCam(net, options),
    integratedGradients: await integratedGradients(net, { ...options, steps: 8 }),
    scoreCam: await scoreCam(net, options)
  }
  const heats: Record<string, number[]> = {}
  for (const [name, explainer] of Object.entries(explainers)) {
    const { map, logits } = await explainer(images, { classIndex: 3 })
    heats[name] = [map, logits].flatMap(({ data }: Tensor<'float32'>) => Array.from(data))
    await explainer.dispose()
  }
  return heats
}
