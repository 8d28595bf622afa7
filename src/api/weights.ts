/**
 * Files of weights and the state dicts in them: read, written, fetched.
 * @module resnet-ts/weights
 */
export type { Bytes } from '../base/kinds.js'
export { FileError, type FilePath } from '../platform/file.js'
export { pickPrefix, withoutPrefix, type StateDict } from '../tensor/state-dict.js'
export { adaptInputChannels } from '../weights/adapt-input-channels.js'
export { fetchWeights, type DownloadOptions } from '../weights/download.js'
export {
  describeWeights,
  type DescribeWeightsOptions,
  type WeightsDescription
} from '../networks/describe-weights.js'
export { translateWeights, type TranslateOptions } from '../weights/dialects/translate.js'
export type { FileContents } from '../weights/pth/contents.js'
export type { HubOptions } from '../weights/hub/hub-settings.js'
export {
  encodeWeights,
  writeWeights,
  type EncodeWeightsOptions,
  type WeightsFormat,
  type WriteWeightsOptions
} from '../weights/write-weights.js'
export { readWeights, type ReadWeightsOptions } from '../weights/read-weights.js'
export { WeightsError } from '../weights/bytes.js'
