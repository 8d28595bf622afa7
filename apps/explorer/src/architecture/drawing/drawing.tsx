// The drawing of a network: boxes and lines that fold, zoom and can be walked through by keys.
import type { NetworkOutline } from 'resnet-ts/inspect'
import { Fragment, type JSX } from 'preact'
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { useWords } from '../../words/words.js'
import { layOut, type PlacedPart } from './layout.js'
import { PartBox } from './part-box.js'
import { stepOf, stepsOf } from './steps.js'
import { Travellers } from './travellers.js'
import { ancestorsOf, canOpen, treeOf } from './tree.js'
import { handleTreeKey } from './use-tree-keys.js'
import { useZoom } from './use-zoom.js'

interface Props {
  readonly outline: NetworkOutline
  readonly label: string
  readonly open: ReadonlySet<string>
  readonly selected: string | undefined
  /** Whether to show the dots that stand for data. */
  readonly isStepping: boolean
  /** The names of the layers counted so far; `undefined` while not counting. */
  readonly counted: ReadonlySet<string> | undefined
  readonly onSelect: (id: string) => void
  readonly onToggle: (id: string) => void
}

export function Drawing(props: Props): JSX.Element {
  const { outline, label, open, selected, isStepping, counted, onSelect, onToggle } = props
  const { architecture: words } = useWords()
  const tree = useMemo(() => treeOf(outline.root), [outline])
  const layout = useMemo(() => layOut(outline.root, open), [outline, open])
  const steps = useMemo(() => stepsOf(layout), [layout])
  const zoom = useZoom(layout)
  const head = useId()
  const inView = visibleFor(tree, layout.parts, selected)

  useLayoutEffect(() => zoom.fit(), [outline])

  // The part that is folded or unfolded keeps its place on the screen; everything else moves.
  const toggled = useRef<{ readonly id: string; readonly top: number } | undefined>(undefined)
  useLayoutEffect(() => {
    const { id, top } = toggled.current ?? {}
    toggled.current = undefined
    const now = layout.parts.find(({ part }) => part.id === id)
    if (now && top !== undefined) zoom.follow(top, now.top)
  }, [layout])
  const toggle = (id: string): void => {
    const placed = layout.parts.find(({ part }) => part.id === id)
    if (!placed || !canOpen(placed.part)) return
    toggled.current = { id, top: placed.top }
    onToggle(id)
  }

  useEffect(() => {
    const placed = layout.parts.find(({ part }) => part.id === inView)
    if (!placed || selected === undefined) return
    zoom.show({ ...placed, height: Math.min(placed.height, 160) })
  }, [selected, layout])

  function onClick(event: MouseEvent): void {
    const item = (event.target as Element).closest<SVGGElement>('[role=treeitem]')
    const id = item?.dataset.id
    if (id === undefined) return
    item?.focus({ preventScroll: true })
    onSelect(id)
    toggle(id)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const id = (event.target as Element).closest<SVGGElement>('[role=treeitem]')?.dataset.id
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const move = (next: string): void => {
      // Synchronously: the next key may be pressed before the next render.
      itemOf(zoom.svg.current, next)?.focus({ preventScroll: true })
      onSelect(next)
    }
    const toggleHere = (which: string): void => {
      move(which)
      toggle(which)
    }
    const actions = { move, toggle: toggleHere, zoom: zoom.by, fit: zoom.fit }
    if (handleTreeKey(event.key, id, layout, tree, actions)) event.preventDefault()
  }

  const stop = inView ?? layout.parts.at(0)?.part.id
  const step = isStepping ? stepOf(steps, layout, selected) : -1
  return (
    <figure class="drawing">
      <svg ref={zoom.svg} role="tree" aria-label={label} onClick={onClick} onKeyDown={onKeyDown}>
        <defs>
          <marker
            id={head}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="5"
            markerHeight="5"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        <g ref={zoom.picture} role="none">
          <g class="grounds" aria-hidden="true">
            {layout.parts
              .filter(({ isOpen }) => isOpen)
              .map(({ part, left, top, width, height }) => (
                <rect key={part.id} x={left} y={top} width={width} height={height} rx="12" />
              ))}
          </g>
          <g class="ways" aria-hidden="true">
            {layout.ways.map(({ id, kind, path, label }) => (
              <Fragment key={id}>
                <path
                  class={kind}
                  data-way={id}
                  d={path}
                  marker-end={kind === 'skip' ? `url(#${head})` : undefined}
                />
                {label && (
                  <text x={label.x} y={label.y + 4}>
                    {label.text}
                  </text>
                )}
              </Fragment>
            ))}
          </g>
          {layout.parts.map(placed => (
            <PartBox
              key={placed.part.id}
              placed={placed}
              isSelected={placed.part.id === inView && selected !== undefined}
              isStop={placed.part.id === stop}
              counted={counted && countedIn(placed.part.id, counted)}
            />
          ))}
          <Travellers layout={layout} step={step} />
        </g>
      </svg>
      <div class="zoom">
        <button type="button" onClick={() => zoom.by(1.25)} aria-label={words.zoomIn}>
          +
        </button>
        <button type="button" onClick={() => zoom.by(0.8)} aria-label={words.zoomOut}>
          −
        </button>
        <button type="button" onClick={zoom.fit}>
          {words.fit}
        </button>
      </div>
    </figure>
  )
}

function itemOf(svg: SVGSVGElement | null, id: string): SVGGElement | null {
  return svg?.querySelector<SVGGElement>(`[data-id="${CSS.escape(id)}"]`) ?? null
}

/** The selected part, or the folded part that it lies in. */
function visibleFor(
  tree: ReturnType<typeof treeOf>,
  parts: readonly PlacedPart[],
  selected: string | undefined
): string | undefined {
  if (selected === undefined || !tree.byId.has(selected)) return undefined
  const placed = new Set(parts.map(({ part }) => part.id))
  const chain = [...ancestorsOf(tree, selected).map(({ id }) => id), selected]
  return chain.findLast(id => placed.has(id))
}

/** How many counted layers are in a part, or are the part. */
function countedIn(id: string, counted: ReadonlySet<string>): number {
  let count = 0
  for (const layer of counted) if (layer === id || layer.startsWith(`${id}.`)) count++
  return count
}
