// Weights that say of themselves that they are Caffe's. Loaded for those alone.
import { shown } from '../base/words.js'
import { NetworkError } from './network-error.js'
import type { Assumptions } from './opening.js'

/**
 * @param sign what says so.
 * @throws NetworkError where no option says how they are to be read.
 */
export function assertToldApart(path: string, sign: string, { strideIn1x1, pixels }: Assumptions = {}): void {
  if (strideIn1x1 !== undefined || pixels !== undefined) return
  const fault = `these are Caffe's weights, by what it says of itself (${shown(sign)}): there, blocks stride in their first 1×1 convolution, and pictures are BGR, which their names do not tell`
  const remedy = `the options assume.strideIn1x1: true and assume.pixels: 'caffe' (--assume strideIn1x1 --assume pixels=caffe) read them so, and false and 'rgb' as any other`
  throw new NetworkError(path, `${fault}; ${remedy}`)
}
