// `resnet predict`: what is on photographs.
import type { Command } from 'commander'
import type { Classifier, Prediction } from '../classifier.js'
import type { DeviceRequest } from '../runtime/engine.js'
import type { NetworkOptions } from './load-network.js'
import { deviceOption, numClassesOption, seedOption, weightsOption, wholeNumber } from './parse-options.js'

interface Options extends NetworkOptions {
  readonly model: string
  readonly top: number
  readonly json?: boolean
  readonly logits?: boolean
  readonly device: DeviceRequest
  readonly debug?: boolean
}

interface Answer {
  readonly image: string
  readonly top: readonly Prediction[]
  readonly logits?: readonly number[]
}

/** Declares the command. */
export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('say what is on photographs (JPEG, PNG, WebP)')
    .argument('<image...>', 'image files, or folders of them')
    .option('--model <model>', 'a name that `resnet list` shows', 'resnet18')
    .addOption(weightsOption())
    .addOption(seedOption())
    .option('--top <n>', 'how many classes to show', wholeNumber(1), 5)
    .option('--json', 'print JSON')
    .option('--logits', "add the network's raw outputs to the JSON")
    .addOption(numClassesOption())
    .addOption(deviceOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ resnet predict dog.jpg --model resnet50 --weights resnet50.pth --top 3'
    )
    .action(predict)
}

async function predict(paths: readonly string[], options: Options): Promise<void> {
  const { listImages } = await import('../images/list-images.js')
  const { classifier } = await import('../classifier.js')
  const { sharedEngine } = await import('../compile.js')
  const { findModel } = await import('../models/registry.js')
  const { loadNetwork, publishedWeights } = await import('./load-network.js')
  const { reportError } = await import('./report-error.js')
  const published = options.seed === undefined && publishedWeights(findModel(options.model), options.weights)
  // The engine starts while the weights are read.
  const engine = sharedEngine(options.device)
  const [images, net] = await Promise.all([
    Promise.all(paths.map(path => listImages(path))).then(lists => lists.flat()),
    loadNetwork(options.model, options)
  ])
  const classify = await classifier(() => net, {
    engine,
    ...(published ? { transforms: published.transforms } : {})
  })
  const bar = await progressBar(images.length)
  const answers: Answer[] = []
  for await (const [image, outcome] of inOrder(images, path => answer(classify, path, options))) {
    bar?.increment()
    if (outcome instanceof Error) process.exitCode = reportError(outcome, options.debug ?? false)
    else if (options.json) answers.push(outcome)
    else process.stdout.write(format(outcome, images.length > 1 ? `${image}\n` : ''))
  }
  bar?.stop()
  if (options.json) process.stdout.write(`${JSON.stringify(answers, undefined, 2)}\n`)
}

async function answer(classify: Classifier, image: string, { top, logits }: Options): Promise<Answer> {
  const output = await classify.logits(image)
  const ranked = { image, top: classify.rank(output, top) }
  return logits ? { ...ranked, logits: Array.from(output.data) } : ranked
}

/** Works on two images at a time, one being decoded while the other is classified; results keep their order. */
async function* inOrder<T>(
  images: readonly string[],
  work: (image: string) => Promise<T>
): AsyncGenerator<readonly [string, T | Error]> {
  const start = (image: string): Promise<T | Error> =>
    work(image).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  let ahead = images.length > 0 ? start(images[0]) : undefined
  for (const [index, image] of images.entries()) {
    const current = ahead
    ahead = index + 1 < images.length ? start(images[index + 1]) : undefined
    if (current) yield [image, await current]
  }
}

function format({ top }: Answer, head: string): string {
  const lines = top.map(({ label, score }) => `${(100 * score).toFixed(2).padStart(6)} %  ${label}\n`)
  return `${head}${lines.join('')}`
}

/** A bar on stderr, for people who wait for many images. */
async function progressBar(total: number): Promise<{ increment(): void; stop(): void } | undefined> {
  if (total < 2 || !process.stderr.isTTY) return undefined
  const { SingleBar } = (await import('cli-progress')).default
  const bar = new SingleBar({
    format: '{bar} {value}/{total} images, {eta_formatted} left',
    clearOnComplete: true
  })
  bar.start(total, 0)
  return bar
}
