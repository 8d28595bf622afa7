// A network's whole output as a file, to be compared with that of the command line.
import type { Answer, OpenedNetwork } from '../lab/run.js'

/** Downloads all outputs. */
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
