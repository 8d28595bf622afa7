// A diagram as one self-contained page. Without its script it still scrolls and describes the box at the pointer; with it,
// it zooms.
import style from '#text/diagram/diagram.css'
import script from '#text/diagram/explore-diagram.script'
import { checkOptions } from '../../base/options.js'
import { countLayers } from '../../inspect/count-layers.js'
import {
  aboutNetwork,
  DIAGRAM_OPTIONS,
  layoutDiagram,
  type DiagramOptions
} from '../../inspect/diagram/draw-diagram.js'
import { writeSvg } from '../../inspect/diagram/svg.js'
import { groundOf } from '../../inspect/diagram/theme.js'
import type { Module } from '../../nn/module.js'
import { renderPage } from '../page.js'

/**
 * Draws a network on a page of its own, with zoom and details of the layer at the pointer.
 *
 * @throws as `drawDiagram`.
 */
export function diagramHtml(net: Module, options: DiagramOptions = {}): string {
  checkOptions('diagramHtml', options, DIAGRAM_OPTIONS)
  const { theme = 'auto', name = net.typeName } = options
  const svg = writeSvg(layoutDiagram(net, options), { theme, title: `Diagram of ${name}` })
  const { total, sums } = countLayers(net)
  return renderPage(
    {
      title: name,
      style,
      scripts: [script],
      root: {
        class: `theme-${theme}`,
        style: `--ground-light:${groundOf('light')};--ground-dark:${groundOf('dark')}`
      }
    },
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
