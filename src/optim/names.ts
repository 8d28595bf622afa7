// Names of optimisers and the notation of schedules, apart from their code: the command line lists them before it loads it.

export const OPTIMIZERS = ['sgd', 'adam', 'adamw', 'rmsprop', 'lars', 'lamb'] as const

export type OptimizerName = (typeof OPTIMIZERS)[number]

/** The notation of each schedule, by name. */
export const SCHEDULE_FORMS = {
  constant: 'constant',
  cosine: 'cosine[:minimum]',
  step: 'step:epochs[,factor]',
  multistep: 'multistep:epoch,epoch,…[,factor below 1]',
  exponential: 'exponential:factor',
  onecycle: 'onecycle[:fraction that rises]',
  poly: 'poly[:power]'
} as const

export type ScheduleName = keyof typeof SCHEDULE_FORMS

export const KNOWN_SCHEDULES = Object.values(SCHEDULE_FORMS).join(' | ')
