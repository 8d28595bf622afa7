// `resnet compare`: two networks side by side. Each is compiled by the package it is of, so the measuring stands here:
// the public compareNetworks sees networks of one package alone.
import type { Command } from 'commander'
import type { Shape } from '../ir/shape.js'
import type { CompiledNetwork } from '../compile/compile.js'
import type { NetworkCosts } from '../inspect/network-costs.js'
import { inputFor, openInspected, type InspectedNetwork } from './open-inspected.js'
import { numClassesOption, parseInputShape, parseNames, wholeNumber } from './parse-options.js'

interface Options {
  readonly export?: readonly string[]
  readonly input?: Shape
  readonly numClasses?: number
  readonly runs: number
  readonly latency: boolean
  readonly json?: boolean
  readonly out?: string
}

const ARGUMENT = 'a name that `resnet list` shows, or a JavaScript file that exports a network (./mine.mjs)'

/** Declares the command. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('put two networks side by side: layers, parameters, multiply-adds, memory, time on the CPU')
    .argument('<a>', ARGUMENT)
    .argument('<b>', 'the other; ratios are its figures over those of <a>')
    .option(
      '--input <shape>',
      "the inputs' shape; by default one image of each model's size",
      parseInputShape
    )
    .addOption(numClassesOption('1000, or 10 for the CIFAR networks'))
    .option(
      '--export <names>',
      "which exports of the files are the networks: one for both, or a's,b's",
      parseNames
    )
    .option('--runs <n>', 'measured runs of each', wholeNumber(1), 20)
    .option('--no-latency', 'measure nothing')
    .option('--json', 'print JSON')
    .option('--out <file>', 'write a page (.html) too')
    .addHelpText(
      'after',
      '\nExamples:\n  $ resnet compare resnet18 resnet50\n  $ resnet compare resnet18 ./mine.mjs --input 1,3,224,224 --no-latency'
    )
    .action(compare)
}

async function compare(
  a: string,
  b: string,
  { input, numClasses, runs, latency, json, out, ...options }: Options
): Promise<void> {
  const { writeFileAtomic } = await import('#platform')
  const { PathError } = await import('../base/errors.js')
  const { compareCosts } = await import('../inspect/network-costs.js')
  const { formatComparison } = await import('../inspect/format-comparison.js')
  const { comparisonHtml } = await import('../pages/comparison/comparison-html.js')
  if (out !== undefined && !/\.html?$/i.test(out))
    throw new PathError(out, 'expected a name that ends in .html')
  const { isFile } = await import('./user-module.js')
  const open = async (model: string, place: number): Promise<Counted> => {
    const name = options.export?.[place] ?? options.export?.[0]
    const opened = await openInspected(model, {
      // With a model by its name beside it, an option for the one says nothing about the other.
      ...(isFile(model) && name !== undefined ? { export: name } : {}),
      ...(!isFile(model) && numClasses !== undefined ? { numClasses } : {})
    })
    return count(opened, await inputFor(opened, input), isFile(model) ? name : undefined)
  }
  const counted = [await open(a, 0), await open(b, 1)] as const
  const [first, second] = latency ? await measured(counted, runs) : counted.map(({ costs }) => costs)
  const comparison = compareCosts(first, second)
  if (out !== undefined) await writeFileAtomic(out, [new TextEncoder().encode(comparisonHtml(comparison))])
  process.stdout.write(`${json ? JSON.stringify(comparison, undefined, 2) : formatComparison(comparison)}\n`)
}

/** A network, and what it costs by count. */
interface Counted {
  readonly opened: InspectedNetwork
  readonly costs: NetworkCosts
}

async function count(opened: InspectedNetwork, input: Shape, exported: string | undefined): Promise<Counted> {
  const { networkCosts } = opened.library ?? (await import('../inspect/network-costs.js'))
  const name = exported === undefined ? opened.name : `${opened.name} ${exported}`
  return { opened, costs: await opened.run(() => networkCosts(opened.net, { input, name })) }
}

async function measured(networks: readonly Counted[], runs: number): Promise<NetworkCosts[]> {
  const { measureInTurn } = await import('../inspect/latency.js')
  const jobs = await Promise.all(networks.map(compiled))
  const latencies = await measureInTurn(
    jobs.map(({ job }) => job),
    { runs }
  )
  await Promise.all(jobs.map(({ network }) => network.dispose()))
  return networks.map(({ costs }, place) => ({ ...costs, latency: latencies[place] }))
}

async function compiled({
  opened: { net, library, run },
  costs: { inputShape }
}: Counted): Promise<{ readonly job: () => Promise<unknown>; readonly network: CompiledNetwork }> {
  const { compile } = library ?? (await import('../compile/compile.js'))
  const { rand } = library ?? (await import('../tensor/random/random.js'))
  const network = await run(() => compile(net, { input: inputShape }))
  const x = rand(inputShape.map(dim => (dim === 'N' ? 1 : dim)))
  return { network, job: () => run(() => network(x)) }
}
