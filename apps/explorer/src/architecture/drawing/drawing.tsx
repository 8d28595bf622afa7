// The drawing of a network: boxes and lines that fold, zoom and can be walked through by keys.
import type { NetworkOutline } from 'resnet-ts/inspect'
import { Fragment, type JSX } from 'preact'
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { useWords } from '../../words/words.js'
import { layOut, stepOf, stepsOf, type PlacedPart } from './layout.js'
import { PartBox } from './part-box.js'
import { Travellers } from './travellers.js'
import { ancestorsOf, canOpen, treeOf } from './tree.js'
import { useDrawn } from './use-drawn.js'
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
  const drawn = useDrawn(outline, layout.parts.length)
  const drawnWays = Math.ceil((layout.ways.length * drawn) / layout.parts.length)
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

  /** After the WAI-ARIA tree pattern: up and down move, right unfolds or enters, left folds or leaves. */
  function onKeyDown(event: KeyboardEvent): void {
    const id = (event.target as Element).closest<SVGGElement>('[role=treeitem]')?.dataset.id
    const at = layout.parts.findIndex(({ part }) => part.id === id)
    if (id === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const { part, isOpen } = layout.parts[at]
    const parent = tree.parents.get(id)
    const moveTo = (target: string | undefined): void => {
      if (target === undefined) return
      // Synchronously: the next key may be pressed before the next render.
      zoom.svg.current
        ?.querySelector<SVGGElement>(`[data-id="${CSS.escape(target)}"]`)
        ?.focus({ preventScroll: true })
      onSelect(target)
    }
    const toggleHere = (): void => {
      moveTo(id)
      toggle(id)
    }
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(layout.parts.at(at + 1)?.part.id),
      ArrowUp: () => moveTo(layout.parts[at - 1]?.part.id),
      Home: () => moveTo(layout.parts[0].part.id),
      End: () => moveTo(layout.parts.at(-1)?.part.id),
      ArrowRight: () => (isOpen ? moveTo(layout.parts[at + 1].part.id) : canOpen(part) && toggleHere()),
      ArrowLeft: () => (isOpen ? toggleHere() : parent !== tree.root && moveTo(parent?.id)),
      Enter: toggleHere,
      ' ': toggleHere,
      '+': () => zoom.by(1.25),
      '=': () => zoom.by(1.25),
      '-': () => zoom.by(0.8),
      '0': zoom.fit
    }
    if (!Object.hasOwn(keys, event.key)) return
    event.preventDefault()
    keys[event.key]()
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
            {layout.ways.slice(0, drawnWays).map(({ id, kind, path, label }) => (
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
          {layout.parts.slice(0, drawn).map(placed => (
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
