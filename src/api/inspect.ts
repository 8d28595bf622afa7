/**
 * What a network is made of: summary, counts, comparison, diagrams.
 * @module resnet-ts/inspect
 */
export { nearestNames } from '../base/nearest-names.js'
export { compareNetworks, type CompareOptions } from '../inspect/compare/compare-networks.js'
export { countLayers, type LayerCount, type LayerTerm } from '../inspect/summary/count-layers.js'
export type { NodeRole } from '../inspect/diagram/describe.js'
export { DIAGRAM_STYLES, type DiagramStyle, type DiagramTheme } from '../inspect/diagram/diagram-choices.js'
export { diagramHtml } from '../pages/diagram/diagram-html.js'
export { drawDiagram, layoutDiagram, type DiagramOptions } from '../inspect/diagram/draw-diagram.js'
export {
  formatComparison,
  type FormatComparisonOptions,
  networkCosts,
  type CostRatios,
  type Latency,
  type NetworkComparison,
  type NetworkCosts
} from '../inspect/compare/network-costs.js'
export {
  outlineNetwork,
  type LineRange,
  type NetworkOutline,
  type OutlineDetour,
  type OutlinePart
} from '../inspect/outline/outline.js'
export { readOutline } from '../inspect/outline/read-outline.js'
export {
  formatSummary,
  summarize,
  type FormatSummaryOptions,
  type Summary,
  type SummaryRow
} from '../inspect/summary/summary.js'
export { renderSvg, type RenderOptions } from '#platform'
export { comparisonHtml } from '../pages/comparison/comparison-html.js'
export type { DiagramBox, DiagramLabel, DiagramLayout, DiagramLine } from '../inspect/diagram/positions.js'
