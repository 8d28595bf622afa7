import { usualImage } from '../../nn/layers/probe-body.js'
import { aString, oneOf, type OptionsOf } from '../../base/options.js'
import { anInputShape, checkNetworkCall } from '../../nn/module/check-network.js'
import type { Module } from '../../nn/module/module.js'
import { formatCount, counted } from '../../base/figures.js'
import { summarize } from '../summary/summary.js'
import { drawBlocks } from './block-style.js'
import { formatImage, label } from './card.js'
import { DIAGRAM_STYLES, THEMES, type DiagramStyle } from './diagram-choices.js'
import { diagramGraph } from './diagram-graph.js'
import { drawLayers } from './layer-style.js'
import { drawPlainAndResidual } from './plain-style.js'
import type { DiagramLayout } from './positions.js'
import { boundsOf, joinScenes, positionsOf, type Scene } from './scene.js'
import { drawStage } from './stage-style.js'
import { writeSvg } from './svg.js'

export const DIAGRAM_OPTIONS = {
  /** Default `layer`. */
  style: oneOf(...DIAGRAM_STYLES),
  /** The input's shape, batch first; default as for `summarize`. */
  input: anInputShape,
  /** Default `auto`, the reader's colour scheme. */
  theme: oneOf(...THEMES),
  /** The module that `stage` opens, such as `layer2`; default the first with the most kinds of blocks. */
  stage: aString,
  /** The title; default the network's class. */
  name: aString
}

/** Options of `drawDiagram`. */
export interface DiagramOptions extends OptionsOf<typeof DIAGRAM_OPTIONS> {}

/**
 * Draws a network as SVG: layers with output shapes and parameters, and an arc per shortcut. Works for any network, without
 * running it.
 *
 * @throws ShapeError naming the module when the input's shape does not fit.
 * @throws ResnetError when there is nothing to draw: no shortcut, or an unknown stage.
 * @example
 * const svg = drawDiagram(resnet18(), { style: 'block' })
 */
export function drawDiagram(net: Module, options: DiagramOptions = {}): string {
  checkNetworkCall('drawDiagram', net, options, DIAGRAM_OPTIONS)
  const { theme = 'auto', name = net.typeName } = options
  const scene = drawNetwork(net, options)
  const { left, top } = boundsOf(scene)
  const labels = [
    label(name, { x: left, y: top - 58 }, 'strong', { size: 18, bold: true }),
    label(aboutNetwork(net, options), { x: left, y: top - 34 }, 'muted', { size: 11 })
  ]
  const layout = positionsOf(joinScenes([scene, { boxes: [], lines: [], labels }]))
  return writeSvg(layout, { theme, title: `Diagram of ${name}` })
}

/**
 * The layout of `drawDiagram` without the title, as plain data: boxes, lines and texts with coordinates.
 *
 * @throws as `drawDiagram`.
 * @example
 * const { boxes, width } = layoutDiagram(resnet18())
 * boxes[1].layers // ['conv1']
 */
export function layoutDiagram(net: Module, options: DiagramOptions = {}): DiagramLayout {
  checkNetworkCall('layoutDiagram', net, options, DIAGRAM_OPTIONS)
  return positionsOf(drawNetwork(net, options))
}

/** The scene without its title. */
export function drawNetwork(
  net: Module,
  { input = usualImage(net), style = 'layer', stage }: DiagramOptions = {}
): Scene {
  const graph = diagramGraph(net, input)
  const draw: Readonly<Record<DiagramStyle, () => Scene>> = {
    layer: () => drawLayers(graph),
    stage: () => drawStage(graph, net, stage),
    block: () => drawBlocks(graph, net),
    'plain-vs-residual': () => drawPlainAndResidual(graph, net, input)
  }
  return draw[style]()
}

export function aboutNetwork(net: Module, { input = usualImage(net) }: DiagramOptions = {}): string {
  const { parameters, multiplyAdds } = summarize(net, { input })
  return [
    `input ${formatImage(input)}`,
    counted(parameters, 'parameter', 'parameters'),
    ...(multiplyAdds > 0 ? [`${formatCount(multiplyAdds)} multiply-adds`] : [])
  ].join('  ·  ')
}
