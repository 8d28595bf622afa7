// The text of `print(net)`, with the lines of one part marked and in view.
import type { NetworkOutline } from 'resnet-ts/inspect'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useWords } from '../words/words.js'

interface Props {
  readonly outline: NetworkOutline
  /** The module's dotted name. */
  readonly path: string | undefined
}

export function Printed({ outline: { text, lines }, path }: Props): JSX.Element {
  const { architecture: words } = useWords()
  const box = useRef<HTMLPreElement>(null)
  const range = path === undefined || !Object.hasOwn(lines, path) ? undefined : lines[path]
  const all = text.split('\n')
  const [first, last] = range ?? [0, -1]

  useEffect(() => {
    const [listing, mark] = [box.current, box.current?.querySelector('mark')]
    if (listing && mark) listing.scrollTop = mark.offsetTop - listing.offsetTop - listing.clientHeight / 3
  }, [text, first, last])

  return (
    <section class="printed" aria-label={words.printed}>
      <h3>
        <code>print(net)</code>
        {range && <small>{words.linesOf(first + 1, last + 1, all.length)}</small>}
      </h3>
      <pre ref={box} tabIndex={0} aria-label={words.printed}>
        {first > 0 && `${all.slice(0, first).join('\n')}\n`}
        {range && <mark>{all.slice(first, last + 1).join('\n')}</mark>}
        {last + 1 < all.length && `${range ? '\n' : ''}${all.slice(last + 1).join('\n')}`}
      </pre>
    </section>
  )
}
