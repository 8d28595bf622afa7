// The functions to write a `forward` with, named as in torch.nn.functional.
export * from './elementwise.js'
export * from './linear.js'
export * from './pooling.js'
export * from './reduction.js'
export * from './shaping.js'
