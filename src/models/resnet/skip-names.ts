// Names of what may stand on a shortcut, apart from the blocks: the command line offers them before it loads a network.

/** Names of what may stand on the shortcut. */
export const SKIPS = [
  'identity',
  'half',
  'exclusive-gate',
  'shortcut-gate',
  'conv1x1',
  'dropout',
  'product'
] as const

/**
 * What stands on the shortcut (the paper's figure 2): the `identity`; `half` scales it and F by 0.5; `exclusive-gate`
 * weighs F by g(x) and the shortcut by 1 − g(x); `shortcut-gate` weighs the shortcut alone; `conv1x1` projects every
 * shortcut; `dropout` drops half of it. `product`, which is not in the paper, multiplies F by the shortcut instead of
 * adding it: F(x) · x.
 */
export type Skip = (typeof SKIPS)[number]
