// The layers whose results are maps, by stage.
import type { JSX } from 'preact'
import type { OpenedNetwork } from '../lab/run.js'

interface Props {
  readonly network: OpenedNetwork
  readonly value: string
  readonly onChange: (layer: string) => void
}

export function LayerSelect({ network: { layers }, value, onChange }: Props): JSX.Element {
  const stages = new Map<string, typeof layers>()
  for (const layer of layers) {
    const [stage] = layer.path.split('.')
    stages.set(stage, [...(stages.get(stage) ?? []), layer])
  }
  return (
    <select value={value} onChange={event => onChange(event.currentTarget.value)}>
      {Array.from(stages, ([stage, inside]) => {
        const options = inside.map(({ path, shape }) => (
          <option key={path} value={path}>
            {path} · {shape.join(' × ')}
          </option>
        ))
        return inside.length === 1 ? (
          options
        ) : (
          <optgroup key={stage} label={stage}>
            {options}
          </optgroup>
        )
      })}
    </select>
  )
}
