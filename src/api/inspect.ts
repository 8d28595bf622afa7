/**
 * What a network is made of: summary, counts, comparison, diagrams.
 * @module resnet-ts/inspect
 */
export { nearestNames } from '../base/nearest-names.js'
export { compareNetworks, type CompareOptions } from '../inspect/compare-networks.js'
export { countLayers, type LayerCount, type LayerTerm } from '../inspect/count-layers.js'
export type { NodeRole } from '../inspect/diagram/describe.js'
export { DIAGRAM_STYLES, type DiagramStyle, type DiagramTheme } from '../inspect/diagram/diagram-choices.js'
export { diagramHtml } from '../pages/diagram/diagram-html.js'
export { drawDiagram, layoutDiagram, type DiagramOptions } from '../inspect/diagram/draw-diagram.js'
export { formatComparison } from '../inspect/format-comparison.js'
export { formatSummary } from '../inspect/format-summary.js'
export type { Latency } from '../inspect/latency.js'
export {
  networkCosts,
  type CostRatios,
  type NetworkComparison,
  type NetworkCosts
} from '../inspect/network-costs.js'
export {
  outlineNetwork,
  type NetworkOutline,
  type OutlineDetour,
  type OutlinePart
} from '../inspect/outline.js'
export type { LineRange } from '../inspect/printed-lines.js'
export { summarize, type Summary, type SummaryRow } from '../inspect/summary.js'
export { renderSvg, type RenderOptions } from '#platform'
export { comparisonHtml } from '../pages/comparison/comparison-html.js'
export type { DiagramBox, DiagramLabel, DiagramLayout, DiagramLine } from '../inspect/diagram/positions.js'
