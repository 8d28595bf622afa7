// The operator sets of ONNX that can be written. Of the operators used here only reductions differ between them.

/** The first is the default: ONNX Runtime from 1.12 on, and all that is as old, opens it. */
export const OPSETS = [17, 18, 20] as const
export type Opset = (typeof OPSETS)[number]
/** What programs are written in, which only the ONNX Runtime of this package reads. */
export const OWN_OPSET: Opset = 20
