// How schedules are written: the command line offers them before it loads one.

/** How each schedule is written, by its name. */
export const SCHEDULE_FORMS = {
  constant: 'constant',
  cosine: 'cosine[:minimum]',
  step: 'step:epochs[,factor]',
  multistep: 'multistep:epoch,epoch,…[,factor below 1]',
  exponential: 'exponential:factor',
  onecycle: 'onecycle[:share that rises]',
  poly: 'poly[:power]'
} as const

/** A schedule's name. */
export type ScheduleName = keyof typeof SCHEDULE_FORMS

/** How all of them are written, on one line. */
export const KNOWN_SCHEDULES = Object.values(SCHEDULE_FORMS).join(' | ')
