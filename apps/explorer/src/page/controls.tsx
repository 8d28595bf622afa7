// Controls that the parts share.
import type { ComponentChildren, JSX } from 'preact'
import { useRef } from 'preact/hooks'

interface ButtonProps {
  readonly class?: string
  readonly isOff: boolean
  readonly label?: string
  readonly onClick: () => void
  readonly children: ComponentChildren
}

/** A button that may be off. It can still be focused, or the keyboard's user would lose their place when it goes off. */
export function Button({ isOff, label, onClick, ...rest }: ButtonProps): JSX.Element {
  const click = (): void => {
    if (!isOff) onClick()
  }
  return <button type="button" aria-disabled={isOff} aria-label={label} onClick={click} {...rest} />
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly T[]
  /** By default the option itself. */
  readonly textOf?: (option: T) => string
  readonly onChange: (option: T) => void
}

/** One of several options. */
export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const { label, value, options, textOf, onChange } = props
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={event => onChange(options[event.currentTarget.selectedIndex])}>
        {options.map(option => (
          <option key={option} value={option}>
            {textOf ? textOf(option) : option}
          </option>
        ))}
      </select>
    </label>
  )
}

interface GroupedProps {
  readonly options: readonly { readonly value: string; readonly text: string; readonly group: string }[]
}

/** Options under the names of their groups; one that is alone in its group stands without. */
export function GroupedOptions({ options }: GroupedProps): JSX.Element {
  const groups = [...new Set(options.map(({ group }) => group))].map(group => {
    const members = options.filter(each => each.group === group)
    const shown = members.map(({ value, text }) => (
      <option key={value} value={value}>
        {text}
      </option>
    ))
    return members.length === 1 ? (
      shown
    ) : (
      <optgroup key={group} label={group}>
        {shown}
      </optgroup>
    )
  })
  return <>{groups}</>
}

interface FileButtonProps {
  /** What the files are, for tests. */
  readonly picks: string
  readonly accept: string
  readonly isPrimary?: boolean
  readonly onFile: (file: File) => void
  readonly children: ComponentChildren
}

/** A button that asks for a file. */
export function FileButton({
  picks,
  accept,
  isPrimary = false,
  onFile,
  children
}: FileButtonProps): JSX.Element {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class={isPrimary ? 'primary' : ''} onClick={() => picker.current?.click()}>
        {children}
      </button>
      <input
        ref={picker}
        type="file"
        accept={accept}
        hidden
        data-picks={picks}
        onChange={event => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (file) onFile(file)
        }}
      />
    </>
  )
}

export function saveFile(name: string, contents: BlobPart, type: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([contents], { type }))
  link.download = name
  link.click()
  // The browser has started the download by now.
  setTimeout(() => URL.revokeObjectURL(link.href))
}
