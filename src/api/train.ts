/**
 * Training: the trainer, the loop over epochs, checkpoints, measuring and reporting.
 * @module resnet-ts/train
 */
export { htmlReport } from '../pages/report/html-report.js'
export { progressLine, type ProgressState } from '../train/terminal/progress-line.js'
export {
  parseMetricsLines,
  metricsLine,
  type EpochRecord,
  type Metrics,
  type RunReport
} from '../train/record/record.js'
export {
  terminalChart,
  type TerminalChartOptions,
  type TerminalSeries
} from '../train/terminal/terminal-chart.js'
export type { Batch } from '../train/step/batch.js'
export { DIGITS_CHECKPOINT, type CheckpointNetwork } from '../networks/checkpoint.js'
export { CheckpointError } from '../networks/network-error.js'
export { networkTensors } from '../networks/network-tensors.js'
export {
  encodeCheckpoint,
  readCheckpoint,
  trainerState,
  writeCheckpoint,
  type BatchLosses,
  type Checkpoint,
  type RunProgress
} from '../train/record/checkpoint.js'
export { evaluate, type Evaluated, type EvaluateOptions, type MeasureOptions } from '../train/evaluate.js'
export { fit, type BatchSource, type FitOptions, type FitResult, type FitProgress } from '../train/fit.js'
export { startOfEpoch, type TrainingPosition } from '../train/position.js'
export {
  findLearningRate,
  type FindLearningRateOptions,
  searchedRate,
  type LrPoint,
  type LrRange,
  type LrSearch
} from '../train/lr-find.js'
export type { StepResult } from '../train/step/step.js'
export {
  NonFiniteError,
  TrainError,
  type TrainingBreakdown,
  type NamedGradient
} from '../train/train-error.js'
export type { TrainerOptions } from '../train/trainer-options.js'
export type { TrainerState } from '../train/trainer-state.js'
export { freezeBatchNorm } from '../nn/layers/normalisation.js'
export { createTrainer, freeze, type Trainer } from '../train/trainer.js'
