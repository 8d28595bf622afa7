// Every function a `forward` can be written with, as torch.nn.functional groups them.
export * from './elementwise.js'
export * from './linear.js'
export * from './pooling.js'
export * from './reduction.js'
export * from './shaping.js'
