// Pixels that weights are trained on, apart from what adapts to them, so that options need not load that.

export const PIXELS = ['rgb', 'bgr', 'caffe'] as const

/** RGB; BGR, normalised as RGB is; Caffe's BGR from 0 to 255 less the mean. */
export type Pixels = (typeof PIXELS)[number]
