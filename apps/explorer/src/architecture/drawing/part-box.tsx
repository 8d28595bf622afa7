// A part in the drawing: a box, a sign where branches meet, or the frame around what is unfolded. Also a tree's item, for
// whoever reads or moves by keys.
import { memo } from 'preact/compat'
import type { JSX } from 'preact'
import { compact, cut, formatShape } from '../format.js'
import { useWords } from '../../words/words.js'
import type { PlacedPart } from './layout.js'
import { SIZES } from './sizes.js'
import { canOpen, ownName, repeatsOf } from './tree.js'

interface Props {
  readonly placed: PlacedPart
  readonly isSelected: boolean
  /** Where Tab stops in the tree. */
  readonly isStop: boolean
  /** How many counted layers it holds, while layers are counted. */
  readonly counted: number | undefined
}

const CHARACTER = 7.3
const SMALL_CHARACTER = 6.3

function Box({ placed, isSelected, isStop, counted }: Props): JSX.Element {
  const { architecture: words } = useWords()
  const { part, isOpen, left, top, width, height, x, level, place, siblings } = placed
  const isFoldable = canOpen(part)
  const kind = isOpen ? 'frame' : part.join ? 'sign' : 'box'
  const classes = [
    'part',
    kind,
    part.role,
    ...(isSelected ? ['selected'] : []),
    ...(counted ? ['counted'] : [])
  ]
  return (
    <g
      class={classes.join(' ')}
      role="treeitem"
      data-id={part.id}
      tabIndex={isStop ? 0 : -1}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={isSelected}
      aria-expanded={isFoldable ? isOpen : undefined}
      aria-label={words.partLabel({
        name: ownName(part),
        what: whatOf(part, words.repeats),
        shape: formatShape(part.outputShape),
        counted
      })}
    >
      {isOpen ? (
        <Frame placed={placed} />
      ) : part.join ? (
        <>
          <circle cx={x} cy={top + height / 2} r={height / 2} />
          <path class="sign-line" d={signPath(part.join, x, top + height / 2)} />
        </>
      ) : (
        <>
          {repeatsOf(part) > 0 && (
            <rect class="behind" x={left + 5} y={top + 5} width={width} height={height} rx="9" />
          )}
          <rect x={left} y={top} width={width} height={height} rx="9" />
          <Writing placed={placed} />
        </>
      )}
      {counted !== undefined && counted > 0 && !part.join && (
        <g class="badge">
          <rect x={left - 34} y={top + 12} width="28" height="20" rx="10" />
          <text x={left - 20} y={top + 26} text-anchor="middle">
            {counted}
          </text>
        </g>
      )}
    </g>
  )
}

/** What stands on a box. */
function Writing({ placed: { part, left, top, width } }: { readonly placed: PlacedPart }): JSX.Element {
  const { architecture: words } = useWords()
  const isFoldable = canOpen(part)
  const name = ownName(part)
  const indent = isFoldable ? 26 : 12
  const count = part.parameters > 0 ? compact(part.parameters) : ''
  const shape = formatShape(part.outputShape)
  const [title, more] = isFoldable ? [name, whatOf(part, words.repeats)] : [titleOf(part, words.input), name]
  const right = left + width - 12
  const room = width - indent - 18
  return (
    <>
      {isFoldable && <Chevron x={left + 15} y={top + 14} isOpen={false} />}
      <text class="title" x={left + indent} y={top + 18}>
        {cut(title, Math.floor((room - count.length * SMALL_CHARACTER) / CHARACTER))}
      </text>
      <text class="figure" x={right} y={top + 18} text-anchor="end">
        {count}
      </text>
      <text class="name" x={left + indent} y={top + 34}>
        {title === more
          ? ''
          : cut(more, Math.floor((room - shape.length * SMALL_CHARACTER) / SMALL_CHARACTER))}
      </text>
      <text class="figure" x={right} y={top + 34} text-anchor="end">
        {shape}
      </text>
    </>
  )
}

function Frame({ placed: { part, left, top, width, height } }: { readonly placed: PlacedPart }): JSX.Element {
  const { architecture: words } = useWords()
  const shape = formatShape(part.outputShape)
  const room = width - 60 - shape.length * SMALL_CHARACTER
  return (
    <>
      <rect class="outline" x={left} y={top} width={width} height={height} rx="12" />
      <path
        class="header"
        d={`M${left} ${top + SIZES.header}v${12 - SIZES.header}a12 12 0 0 1 12 -12h${width - 24}a12 12 0 0 1 12 12v${SIZES.header - 12}z`}
      />
      <Chevron x={left + 17} y={top + SIZES.header / 2} isOpen={true} />
      <text class="title" x={left + 30} y={top + 22}>
        {cut(ownName(part), Math.floor(room / CHARACTER))}
        <tspan class="name" dx="8">
          {cut(whatOf(part, words.repeats), Math.max(0, Math.floor(room / CHARACTER) - ownName(part).length))}
        </tspan>
      </text>
      <text class="figure" x={left + width - 14} y={top + 22} text-anchor="end">
        {shape}
      </text>
    </>
  )
}

function Chevron({
  x,
  y,
  isOpen
}: {
  readonly x: number
  readonly y: number
  readonly isOpen: boolean
}): JSX.Element {
  return (
    <path class="chevron" d={isOpen ? `M${x - 5} ${y - 2.5}l5 5l5 -5` : `M${x - 2.5} ${y - 5}l5 5l-5 5`} />
  )
}

function signPath(join: 'add' | 'mul', x: number, y: number): string {
  return join === 'add'
    ? `M${x - 7} ${y}h14M${x} ${y - 7}v14`
    : `M${x - 5} ${y - 5}l10 10M${x + 5} ${y - 5}l-10 10`
}

function titleOf({ title, role }: PlacedPart['part'], input: string): string {
  return role === 'input' ? input : title
}

/** What a part is: `2 × BasicBlock`, or its kind. */
export function whatOf(part: PlacedPart['part'], repeats: (count: number, type: string) => string): string {
  const count = repeatsOf(part)
  return count > 0 ? repeats(count, part.parts[0].type) : part.title
}

/** Drawn again only where something about it has changed: an unfolded network has hundreds of them. */
export const PartBox = memo(Box)
