// Parts that several pages share.
import type { ComponentChildren, JSX } from 'preact'

interface Children {
  readonly children: ComponentChildren
}

export function Section({ heading, children }: Children & { readonly heading: string }): JSX.Element {
  return (
    <section>
      <h2>{heading}</h2>
      {children}
    </section>
  )
}

/** The results in words: paragraphs, then a list. */
export function Reading({
  paragraphs = [],
  items = []
}: Partial<Record<'paragraphs' | 'items', readonly string[]>>): JSX.Element | null {
  if (paragraphs.length + items.length === 0) return null
  const list = items.map(item => <li>{prose(item)}</li>)
  return (
    <div class="reading">
      {paragraphs.map(text => (
        <p>{prose(text)}</p>
      ))}
      {list.length > 0 && <ul>{list}</ul>}
    </div>
  )
}

/** Keeps a figure and its per cent sign on one line. */
export function prose(text: string): string {
  return text.replaceAll(/(\d) %/g, '$1\u00a0%')
}

/** A command that can be run again. */
export function Command({ text }: { readonly text: string | undefined }): JSX.Element | null {
  if (text === undefined) return null
  return (
    <pre>
      <code>{text}</code>
    </pre>
  )
}

export interface FigureRow {
  readonly head: ComponentChildren
  readonly cells: readonly string[]
  readonly isMarked?: boolean
}

/** A table of figures whose rows and columns are named; it scrolls where it is wider than the page. */
export function FigureTable({
  label,
  heads,
  rows
}: {
  /** For screen readers. */
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly FigureRow[]
}): JSX.Element {
  return (
    <Scrolling label={label}>
      <table class="figures">
        <thead>
          <tr>
            {heads.map(head => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{rows.map(figureRow)}</tbody>
      </table>
    </Scrolling>
  )
}

function figureRow({ head, cells, isMarked }: FigureRow): JSX.Element {
  return (
    <tr class={isMarked === true ? 'marked' : undefined}>
      <th scope="row">{head}</th>
      {cells.map(text => (
        <td>{text}</td>
      ))}
    </tr>
  )
}

/** Holds what may be wider than the page. */
export function Scrolling({ label, children }: Children & { readonly label: string }): JSX.Element {
  return (
    <div class="scroll" role="region" aria-label={label} tabindex={0}>
      {children}
    </div>
  )
}

/** Names and values under a heading; nothing where there are none. */
export function Facts({
  heading,
  facts
}: {
  readonly heading: string
  readonly facts: Readonly<Record<string, string>>
}): JSX.Element | null {
  const rows = Object.entries(facts).map(([head, value]) => figureRow({ head, cells: [value] }))
  if (rows.length === 0) return null
  return (
    <Section heading={heading}>
      <Scrolling label={heading}>
        <table class="facts">
          <tbody>{rows}</tbody>
        </table>
      </Scrolling>
    </Section>
  )
}
