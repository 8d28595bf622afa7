// A setting that is one of several.
import type { JSX } from 'preact'

interface Props<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly T[]
  readonly textOf: (option: T) => string
  readonly onChange: (option: T) => void
}

export function Choice<T extends string>({ label, value, options, textOf, onChange }: Props<T>): JSX.Element {
  function choose(text: string): void {
    const chosen = options.find(option => option === text)
    if (chosen !== undefined) onChange(chosen)
  }
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={event => choose(event.currentTarget.value)}>
        {options.map(option => (
          <option key={option} value={option}>
            {textOf(option)}
          </option>
        ))}
      </select>
    </label>
  )
}
