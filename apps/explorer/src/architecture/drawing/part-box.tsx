// A part in the drawing: a box, a sign where branches meet, or the frame of an unfolded part. It is also an item of the tree
// that screen readers and keyboards use.
import { memo } from 'preact/compat'
import type { JSX } from 'preact'
import { cut } from '../format.js'
import { useWords } from '../../words/words.js'
import type { PlacedPart } from './layout.js'
import { SIZES } from './measured.js'
import { canOpen, repeatsOf } from './tree.js'
import { labelOf, writingOf } from '../words-about.js'

interface Props {
  readonly placed: PlacedPart
  readonly isSelected: boolean
  /** Where Tab stops in the tree. */
  readonly isStop: boolean
  /** The number of counted layers in it, while counting. */
  readonly counted: number | undefined
}

const CHARACTER = 7.3
const SMALL_CHARACTER = SIZES.character

function Box({ placed, isSelected, isStop, counted }: Props): JSX.Element {
  const words = useWords()
  const { part, isOpen, left, top, width, height, x, level, place, siblings } = placed
  const kind = isOpen ? 'frame' : part.join ? 'sign' : 'box'
  const classes = ['part', kind, part.role, isSelected && 'selected', counted && 'counted'].filter(Boolean)
  return (
    <g
      class={classes.join(' ')}
      role="treeitem"
      data-id={part.id}
      tabindex={isStop ? 0 : -1}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={isSelected}
      aria-expanded={canOpen(part) ? isOpen : undefined}
      aria-label={labelOf(part, isOpen, counted, words)}
    >
      <g aria-hidden="true">
        {isOpen ? (
          <Frame placed={placed} />
        ) : part.join ? (
          <>
            <circle class="shape" cx={x} cy={top + height / 2} r={height / 2} />
            <path class="sign-line" d={signPath(part.join, x, top + height / 2)} />
          </>
        ) : (
          <>
            {repeatsOf(part) > 0 && (
              <rect class="behind" x={left + 5} y={top + 5} width={width} height={height} rx="9" />
            )}
            <rect class="shape" x={left} y={top} width={width} height={height} rx="9" />
            <BoxText placed={placed} />
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
    </g>
  )
}

function BoxText({ placed: { part, left, top, width } }: { readonly placed: PlacedPart }): JSX.Element {
  const { title, parameters, name, shape } = writingOf(part, useWords())
  const indent = canOpen(part) ? 26 : 12
  const right = left + width - 12
  const room = width - indent - 18
  return (
    <>
      {canOpen(part) && <Chevron x={left + 15} y={top + 14} isOpen={false} />}
      <text class="title" x={left + indent} y={top + 18}>
        {cut(title, Math.floor((room - parameters.length * SMALL_CHARACTER) / CHARACTER))}
      </text>{' '}
      <text class="figure" x={right} y={top + 18} text-anchor="end">
        {parameters}
      </text>{' '}
      <text class="name" x={left + indent} y={top + 34}>
        {cut(name, Math.floor((room - shape.length * SMALL_CHARACTER) / SMALL_CHARACTER))}
      </text>{' '}
      <text class="figure" x={right} y={top + 34} text-anchor="end">
        {shape}
      </text>
    </>
  )
}

function Frame({ placed: { part, left, top, width, height } }: { readonly placed: PlacedPart }): JSX.Element {
  const { title, name, shape } = writingOf(part, useWords())
  const room = Math.floor((width - 60 - shape.length * SMALL_CHARACTER) / CHARACTER)
  const [end, corner] = [top + SIZES.header, 12]
  return (
    <>
      <rect class="shape outline" x={left} y={top} width={width} height={height} rx={corner} />
      <path
        class="header"
        d={`M${left} ${end}V${top + corner}a12 12 0 0 1 12 -12h${width - 24}a12 12 0 0 1 12 12V${end}z`}
      />
      <Chevron x={left + 17} y={top + SIZES.header / 2} isOpen={true} />
      <text class="title" x={left + 30} y={top + 22}>
        {cut(title, room)}{' '}
        <tspan class="name" dx="8">
          {cut(name, Math.max(0, room - title.length))}
        </tspan>
      </text>{' '}
      <text class="figure" x={left + width - 14} y={top + 22} text-anchor="end">
        {shape}
      </text>
    </>
  )
}

function Chevron({ x, y, isOpen }: Pick<PlacedPart, 'x' | 'isOpen'> & { readonly y: number }): JSX.Element {
  return (
    <path class="chevron" d={isOpen ? `M${x - 5} ${y - 2.5}l5 5l5 -5` : `M${x - 2.5} ${y - 5}l5 5l-5 5`} />
  )
}

function signPath(join: 'add' | 'mul', x: number, y: number): string {
  return join === 'add'
    ? `M${x - 7} ${y}h14M${x} ${y - 7}v14`
    : `M${x - 5} ${y - 5}l10 10M${x + 5} ${y - 5}l-10 10`
}

/** Memoised: an unfolded network has hundreds of them. */
export const PartBox = memo(Box)
