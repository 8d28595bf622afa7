// Names of optimisers: the command line offers them before it loads one.

/** Every optimiser's name. */
export const OPTIMIZERS = ['sgd', 'adam', 'adamw', 'rmsprop', 'lars', 'lamb'] as const

/** An optimiser's name. */
export type OptimizerName = (typeof OPTIMIZERS)[number]
