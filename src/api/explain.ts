/**
 * Why a network answers as it does, and how its gradient flows.
 * @module resnet-ts/explain
 */
export {
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  type EigenCamRule,
  type GradCamPlusPlusOptions
} from '../explain/cam/cam.js'
export { scoreCam, type ScoreCamOptions } from '../explain/cam/score-cam.js'
export { COLOUR_SCALES, coloured, type ColourScale } from '../explain/colour-map.js'
export { contactSheet, featureSheet, filterSheet, type SheetOptions } from '../explain/contact-sheet.js'
export { ExplainError } from '../explain/explanation.js'
export { explainPage, type PageClass, type PageContent } from '../pages/explanation/explain-page.js'
export type {
  Explainer,
  ExplainOptions,
  ExplainRequest,
  Explanation,
  LayerExplainer,
  LayerOptions
} from '../explain/explanation.js'
export { featureMaps, filtersOf, type FeatureMaps, type FoundFilters } from '../explain/features.js'
export { buildTwins, type TwinOptions } from '../explain/flow/build-twins.js'
export {
  assertTwins,
  compareGradientFlow,
  TWIN_FORMS,
  type CompareFlowOptions,
  type FlowComparison,
  type OfTwins,
  type TwinFlows,
  type TwinForm,
  type Twins
} from '../explain/flow/compare-gradient-flow.js'
export type { FlowLayer } from '../explain/flow/flow-graph.js'
export type { BranchNorms } from '../explain/flow/flow-probe.js'
export { readFlow, type FlowReading } from '../explain/flow/flow-reading.js'
export {
  recordGradientFlow,
  type FlowMeasurement,
  type FlowProgress,
  type FlowSample,
  type GradientFlow,
  type GradientFlowOptions
} from '../explain/flow/gradient-flow.js'
export {
  integratedGradients,
  type IntegratedGradients,
  type IntegratedGradientsOptions
} from '../explain/integrated-gradients.js'
export { lastSpatialLayer, spatialLayers, type SpatialLayer } from '../explain/layers.js'
export {
  occlusion,
  type OcclusionExplainer,
  type OcclusionExplanation,
  type OcclusionOptions
} from '../explain/occlusion.js'
export { overlay, type OverlayOptions } from '../explain/overlay.js'
export { gradientFlowPage, type FlowPageOptions } from '../pages/gradient-flow/gradient-flow-page.js'
