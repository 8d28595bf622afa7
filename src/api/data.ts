/**
 * Data sets, samplers and the loader (torch: `utils.data`; torchvision: `datasets`).
 * @module resnet-ts/data
 */
export { cifar10, cifar100, type CifarOptions } from '../data/cifar.js'
export {
  concatenateDatasets,
  DatasetError,
  subset,
  packedDataset,
  relabel,
  type Dataset,
  type SampleSource,
  type PackedPictures
} from '../data/dataset.js'
export type { DataFolder } from '../data/data-files.js'
export { digits, fashionMnist, mnist, type DigitsOptions, type MnistOptions } from '../data/mnist.js'
export {
  classBalancedOrder,
  sequentialOrder,
  shuffledOrder,
  randomSplit,
  type DatasetSplit
} from '../data/sampler.js'
export { readIdx, type IdxArray } from '../data/idx.js'
export { imageFolder, splitFolders, type ImageFolderOptions, type LeftOut } from '../data/image-folder.js'
export {
  createLoader,
  type EpochOptions,
  type LoadedBatch,
  type Loader,
  type LoaderOptions,
  type SampleOrder
} from '../data/loader.js'
