// The part "Architecture": the drawing of a network, with details of the selected part beside it.
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useFields } from '../address/use-address.js'
import { useNotify } from '../page/notices.js'
import { useModels } from '../page/use-models.js'
import { useWords } from '../words/words.js'
import { Comparison } from './comparison.js'
import { Drawing } from './drawing/drawing.js'
import { layOut, stepOf, stepsOf } from './drawing/layout.js'
import { treeOf } from './drawing/tree.js'
import { architectureFields, OWN } from './fields.js'
import { LayerCount, layersOf } from './layer-count.js'
import { PartPanel } from './part-panel.js'
import { PasteDialog } from './paste-dialog.js'
import { StepBar, type Pace } from './step-bar.js'
import { Toolbar } from './toolbar.js'
import { useNetworks } from './use-networks.js'
import '../style/architecture.css'

export function ArchitecturePart(): JSX.Element {
  const words = useWords()
  const { architecture } = words
  const notify = useNotify()
  const [fields, change] = useFields('architecture', architectureFields)
  const models = useModels()
  const networks = useNetworks(fields, change)
  const { first, second, names, own } = networks
  const [isPasting, setPasting] = useState(false)
  const [pace, setPace] = useState<Pace>('still')
  const [counted, setCounted] = useState<number>()
  const open = useMemo(() => new Set(fields.open), [fields.open])
  const { outline } = first

  // Parts in the URL that this network does not have are reported once, and dropped.
  const isChecked = useRef(false)
  useEffect(() => {
    if (!outline || isChecked.current) return
    isChecked.current = true
    const { byId } = treeOf(outline.root)
    const unknown = fields.open.filter(id => !byId.has(id))
    if (unknown.length > 0) notify(architecture.unknown('open', unknown.join(',')))
    const isLost = fields.at !== undefined && !byId.has(fields.at)
    if (isLost) notify(architecture.unknown('at', fields.at ?? ''))
    const open = fields.open.filter(id => byId.has(id))
    if (unknown.length > 0 || isLost) change({ open, at: isLost ? undefined : fields.at })
  }, [outline])
  useEffect(() => setCounted(undefined), [outline])
  useEffect(() => {
    if (own.isForeign) setPasting(true)
    if (own.isDrawn) setPasting(false)
  }, [own.isForeign, own.isDrawn, fields.code])

  const layout = useMemo(() => outline && layOut(outline.root, open), [outline, open])
  const steps = useMemo(() => (layout ? stepsOf(layout) : []), [layout])
  const step = layout ? stepOf(steps, layout, fields.at) : -1

  const select = (id: string): void => change({ at: id })
  const toggle = (id: string): void =>
    change({ open: open.has(id) ? fields.open.filter(each => each !== id) : [...fields.open, id] })

  return (
    <div class="architecture column">
      <Toolbar models={models} fields={fields} change={change} onPaste={() => setPasting(true)} />
      <div class="workspace">
        <div class="canvas column" aria-busy={first.isPending}>
          {outline && <LayerCount layers={outline.layers} shown={counted} onShow={setCounted} />}
          <div class="drawings">
            {!outline && (
              <p class="empty" role="status">
                {first.isPending ? architecture.working : architecture.nothingToDraw}
              </p>
            )}
            {[outline, second.outline].map(
              (drawn, at) =>
                drawn && (
                  <div key={at} class="titled column">
                    {second.outline && <p>{names[at]}</p>}
                    <Drawing
                      outline={drawn}
                      label={architecture.drawingOf(names[at])}
                      open={open}
                      selected={fields.at}
                      isStepping={pace !== 'still'}
                      counted={counted === undefined ? undefined : layersOf(drawn.layers, counted)}
                      onSelect={select}
                      onToggle={toggle}
                    />
                  </div>
                )
            )}
          </div>
          {steps.length > 0 && (
            <StepBar
              step={step}
              steps={steps.length}
              pace={pace}
              onPace={setPace}
              onStep={next => {
                if (pace === 'still') setPace('stepping')
                select(steps[next].part.id)
              }}
            />
          )}
        </div>
        <aside class="side column" aria-label={architecture.details}>
          {outline && second.outline && <Comparison a={outline} b={second.outline} names={names} />}
          {outline && <PartPanel outline={outline} selected={fields.at} />}
        </aside>
      </div>
      <PasteDialog
        isOpen={isPasting}
        code={fields.code}
        own={own}
        isPending={fields.model === OWN && first.isPending}
        onClose={() => setPasting(false)}
      />
    </div>
  )
}
