// A diagram as one self-contained page, which its script lets zoom; without, it still scrolls and describes boxes.
import style from '#text/diagram/diagram.css'
import script from '#text/diagram/explore-diagram.script'
import { countLayers } from '../../inspect/summary/count-layers.js'
import {
  aboutNetwork,
  DIAGRAM_OPTIONS,
  layoutDiagram,
  type DiagramOptions
} from '../../inspect/diagram/draw-diagram.js'
import { DARK_GROUND, LIGHT_GROUND, writeSvg } from '../../inspect/diagram/svg.js'
import { checkNetworkCall } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { renderPage } from '../page.js'

const GROUNDS = `--ground-light:${LIGHT_GROUND};--ground-dark:${DARK_GROUND}`

/**
 * Draws a network on a page of its own, with zoom and details of the layer at the pointer.
 *
 * @throws as `drawDiagram`.
 */
export function diagramHtml(net: Module, options: DiagramOptions = {}): string {
  checkNetworkCall('diagramHtml', net, options, DIAGRAM_OPTIONS)
  const { theme = 'auto', name = net.typeName, input = [1, 3, 224, 224] } = options
  const svg = writeSvg(layoutDiagram(net, options), { theme, title: `Diagram of ${name}` })
  const { total, sums } = countLayers(net, { input })
  return renderPage(
    { title: name, style, scripts: [script], root: { class: `theme-${theme}`, style: GROUNDS } },
    <>
      <header>
        <h1>{name}</h1>
        <p>{aboutNetwork(net, options)}</p>
        {total > 0 && (
          <p>
            Layers with weights:{' '}
            {sums.map((sum, i) => (
              <>
                {i > 0 && ', '}
                <code>{sum}</code>
              </>
            ))}
          </p>
        )}
        <nav hidden>
          <button type="button" data-zoom="fit">
            Fit
          </button>
          <button type="button" data-zoom="1">
            100 %
          </button>
          <button type="button" data-zoom="out" aria-label="Smaller">
            −
          </button>
          <button type="button" data-zoom="in" aria-label="Larger">
            +
          </button>
        </nav>
      </header>
      <main tabindex={0} aria-label="Diagram" dangerouslySetInnerHTML={{ __html: svg }} />
      <aside hidden />
    </>
  )
}
