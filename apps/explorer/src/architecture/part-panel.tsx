// All about the part that is looked at; about the whole network while none is.
import type { NetworkOutline, OutlinePart } from 'resnet-ts/inspect'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { useWords } from '../words/words.js'
import { treeOf } from './drawing/tree.js'
import { formatShape, grouped, percent } from './format.js'
import { sentencesAbout } from './words-about.js'

interface Props {
  readonly outline: NetworkOutline
  readonly selected: string | undefined
}

export function PartPanel({ outline, selected }: Props): JSX.Element {
  const words = useWords()
  const { panel, input } = words.architecture
  const tree = useMemo(() => treeOf(outline.root), [outline])
  const part = (selected === undefined ? undefined : tree.byId.get(selected)) ?? outline.root
  const isWhole = part === outline.root
  const title = isWhole ? outline.costs.name : part.role === 'input' ? input : part.id
  const sentences = isWhole ? [panel.hint] : sentencesAbout(tree, part, words)

  return (
    <>
      <section class="about" aria-live="polite">
        <h2 class="mono">{title}</h2>
        {sentences.map(sentence => (
          <p key={sentence}>{sentence}</p>
        ))}
        <dl>
          <dt>{panel.type}</dt>
          <dd>{part.title === part.type ? part.type : `${part.type} · ${part.title}`}</dd>
          {isWhole || part.inputShapes.length === 0 ? null : (
            <>
              <dt>{panel.comesIn}</dt>
              <dd class="mono">{part.inputShapes.map(formatShape).join(', ')}</dd>
            </>
          )}
          <dt>{panel.goesOut}</dt>
          <dd class="mono">{formatShape(part.outputShape)}</dd>
          <Cost of="parameters" part={part} root={outline.root} />
          <Cost of="multiplyAdds" part={part} root={outline.root} />
        </dl>
      </section>
      <Printed outline={outline} path={isWhole ? undefined : part.path} />
    </>
  )
}

interface CostProps {
  readonly of: 'parameters' | 'multiplyAdds'
  readonly part: OutlinePart
  readonly root: OutlinePart
}

/** A number, and its share of the whole network's as a bar. */
function Cost({ of, part, root }: CostProps): JSX.Element {
  const { architecture: words } = useWords()
  const share = root[of] === 0 ? 0 : part[of] / root[of]
  return (
    <>
      <dt>{words.panel[of]}</dt>
      <dd>
        <span class="mono">{grouped(part[of])}</span>
        {part !== root && part[of] > 0 && (
          <>
            {' '}
            <small>{percent(part[of], root[of])}</small>
            <span class="share" aria-hidden="true">
              <span style={{ width: `${100 * share}%` }} />
            </span>
          </>
        )}
      </dd>
    </>
  )
}

interface PrintedProps {
  readonly outline: NetworkOutline
  /** The module's dotted name. */
  readonly path: string | undefined
}

/** The text of `print(net)`, with the lines of one part marked and in view. */
function Printed({ outline: { text, lines }, path }: PrintedProps): JSX.Element {
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
    <section class="printed column" aria-label={words.printed}>
      <h3>
        <code>print(net)</code>
        {range && <small>{words.linesOf(first + 1, last + 1, all.length)}</small>}
      </h3>
      <pre class="sunken" ref={box} tabIndex={0} aria-label={words.printed}>
        {first > 0 && `${all.slice(0, first).join('\n')}\n`}
        {range && <mark>{all.slice(first, last + 1).join('\n')}</mark>}
        {last + 1 < all.length && `${range ? '\n' : ''}${all.slice(last + 1).join('\n')}`}
      </pre>
    </section>
  )
}
