// Two networks' costs side by side.
import type { NetworkOutline } from 'resnet-ts/inspect'
import type { JSX } from 'preact'
import { useWords } from '../words/words.js'
import { stepsThrough } from './drawing/tree.js'
import { compact } from './format.js'

interface Props {
  readonly a: NetworkOutline
  readonly b: NetworkOutline
  readonly names: readonly [string, string]
}

export function Comparison({ a, b, names }: Props): JSX.Element {
  const { architecture } = useWords()
  const { comparison } = architecture
  const rows: readonly (readonly [string, (outline: NetworkOutline) => number])[] = [
    [comparison.layers, ({ layers }) => layers.total],
    [comparison.depth, ({ root }) => stepsThrough(root)],
    [comparison.parameters, ({ costs }) => costs.parameters],
    [comparison.multiplyAdds, ({ costs }) => costs.multiplyAdds],
    [comparison.memory, ({ costs }) => costs.activationBytes]
  ]
  return (
    <section class="comparison">
      <table>
        <caption>{comparison.caption}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
            <th scope="col">{comparison.ratio}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{compact(of(a))}</td>
              <td>{compact(of(b))}</td>
              <td>{ratio(of(a), of(b))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ratio(first: number, second: number): string {
  if (first === second) return '='
  return first === 0 ? '–' : `${(second / first).toFixed(2)} ×`
}
