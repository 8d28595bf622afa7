// The layers whose outputs are feature maps, by stage.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { OpenedNetwork } from '../lab/run.js'

interface Props {
  readonly network: OpenedNetwork
  readonly value: string
  readonly onChange: (layer: string) => void
}

export function LayerSelect({ network: { layers }, value, onChange }: Props): JSX.Element {
  // Memoised: hundreds of options that do not change while the user draws.
  const options = useMemo(() => optionsOf(layers), [layers])
  return (
    <select value={value} onChange={event => onChange(event.currentTarget.value)}>
      {options}
    </select>
  )
}

function optionsOf(layers: OpenedNetwork['layers']): (JSX.Element | JSX.Element[])[] {
  const stages = new Map<string, JSX.Element[]>()
  for (const { path, shape } of layers) {
    const [stage] = path.split('.')
    const option = (
      <option key={path} value={path}>
        {path} · {shape.join(' × ')}
      </option>
    )
    stages.set(stage, [...(stages.get(stage) ?? []), option])
  }
  return Array.from(stages, ([stage, options]) =>
    options.length === 1 ? (
      options
    ) : (
      <optgroup key={stage} label={stage}>
        {options}
      </optgroup>
    )
  )
}
