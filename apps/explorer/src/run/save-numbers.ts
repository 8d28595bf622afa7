// A network's whole answer as a file, to be compared with what the command line says.
import type { Answer, OpenedNetwork } from '../lab/run.js'

/** Offers every number of an answer as a download. */
export function saveNumbers(network: OpenedNetwork, { top, logits }: Answer): void {
  const { name, weights, device } = network
  const numbers = { model: name, weights, device, top, logits: Array.from(logits) }
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(numbers, undefined, 2)}\n`], { type: 'application/json' })
  )
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.json`
  link.click()
  URL.revokeObjectURL(url)
}
