// A diagram as one page that opens from a disk: nothing is fetched, and a policy forbids it. Without its script it still
// scrolls and tells about the box that is pointed at; with it, it zooms.
import { checkOptions } from '../../base/options.js'
import { escapeHtml } from '../../report/escape-html.js'
import { htmlPage } from '../../report/html-page.js'
import { countLayers } from '../count-layers.js'
import type { Module } from '../../nn/module.js'
import {
  aboutNetwork,
  DIAGRAM_OPTIONS,
  drawNetwork,
  writeDrawing,
  type DiagramOptions
} from './draw-diagram.js'
import { DIAGRAM_SCRIPT } from './html-script.js'
import { diagramPageStyle } from './html-style.js'

/**
 * Draws a network on a page of its own, with zoom, and all about a layer where it is pointed at.
 *
 * @throws as `drawDiagram`.
 */
export function diagramHtml(net: Module, options: DiagramOptions = {}): string {
  checkOptions('diagramHtml', options, DIAGRAM_OPTIONS)
  const { theme = 'auto', name = net.typeName } = options
  const svg = writeDrawing(drawNetwork(net, options), net, options)
  const { total, sums } = countLayers(net)
  const counted = total > 0 ? [`<p>Layers with weights: ${sums.map(code).join(', ')}</p>`] : []
  return htmlPage({
    title: name,
    policy: "script-src 'unsafe-inline'",
    styles: [diagramPageStyle(theme)],
    body: [
      '<header>',
      `<h1>${escapeHtml(name)}</h1>`,
      `<p>${escapeHtml(aboutNetwork(net, options))}</p>`,
      ...counted,
      '<nav hidden><button type="button" data-zoom="fit">Fit</button><button type="button" data-zoom="1">100 %</button><button type="button" data-zoom="out" aria-label="Smaller">−</button><button type="button" data-zoom="in" aria-label="Larger">+</button></nav>',
      '</header>',
      `<main tabindex="0" aria-label="Diagram">\n${svg}</main>`,
      '<aside hidden></aside>',
      `<script>${DIAGRAM_SCRIPT}</script>`
    ]
  })
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`
}
