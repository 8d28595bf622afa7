import { PathError, ResnetError } from '../../base/errors.js'
import { compareNetworks } from '../../inspect/compare/compare-networks.js'
import { formatComparison } from '../../inspect/compare/network-costs.js'
import type { Shape } from '../../ir/shape.js'
import { isScript, type OpenedNetwork } from '../../networks/opening.js'
import { comparisonHtml } from '../../pages/comparison/comparison-html.js'
import { inputOf, openChosen, type NetworkChoice } from '../open-chosen.js'
import { printJson, printText, sayWritten, terminalWidth } from '../terminal/output.js'
import { writeFileAtomic } from '#platform'

export interface CompareOptions {
  readonly checkpoint?: string
  readonly export?: readonly string[]
  readonly weights?: readonly string[]
  readonly input?: Shape
  readonly numClasses?: number
  readonly runs: number
  readonly latency: boolean
  readonly json?: boolean
  readonly out?: string
}

/** The options of each network. @throws ResnetError when there is no second one. */
export function choicesOf(
  a: string,
  b: string | undefined,
  options: CompareOptions
): [NetworkChoice, NetworkChoice] {
  const { checkpoint, numClasses, export: exports = [], weights = [] } = options
  const choice = (model: string | undefined, place: number): NetworkChoice => {
    // Beside a file, options for a model's name do not apply to the file.
    const isFile = model !== undefined && isScript(model)
    return {
      model,
      ...(isFile ? { export: exports[place] ?? exports[0] } : { numClasses }),
      weights: weights[place] ?? weights[0]
    }
  }
  if (checkpoint !== undefined) {
    return [choice(a, 0), { model: b, checkpoint, export: exports[1] ?? exports[0] }]
  }
  if (b !== undefined) return [choice(a, 0), choice(b, 1)]
  throw new ResnetError(`What is ${a} compared with? Name a second network, or give --checkpoint`)
}

export async function compare(a: string, b: string | undefined, options: CompareOptions): Promise<void> {
  const { input, runs, latency, json, out } = options
  if (out !== undefined && !/\.html?$/i.test(out))
    throw new PathError(out, 'expected a name that ends in .html')
  const choices = choicesOf(a, b, options)
  const first = await openChosen(choices[0], 'inspect', { input })
  const second = await openChosen(choices[1], 'inspect', { input })
  const comparison = await compareNetworks(first.net, second.net, {
    input: [inputOf(first, { input }), inputOf(second, { input })],
    names: [nameOf(first), nameOf(second)],
    runs: latency ? runs : 0
  })
  if (out !== undefined) await writeFileAtomic(out, [new TextEncoder().encode(comparisonHtml(comparison))])
  if (json) printJson(comparison)
  else {
    printText(formatComparison(comparison, { width: terminalWidth() }))
    if (out !== undefined) await sayWritten(out, `${comparison.a.name} and ${comparison.b.name}, compared`)
  }
}

function nameOf({ model, file }: OpenedNetwork): string {
  return file === undefined || file.export === 'default' ? model : `${model} ${file.export}`
}
