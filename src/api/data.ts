/**
 * Data sets, samplers and the loader (torch: `utils.data`; torchvision: `datasets`).
 * @module resnet-ts/data
 */
export { cifar10, cifar100, type CifarOptions } from '../data/cifar.js'
export { concatenateDatasets } from '../data/concatenate.js'
export type { DataFolder } from '../data/data-folder.js'
export { DatasetError, subset, type Dataset, type SampleSource } from '../data/dataset.js'
export { digits } from '../data/digits.js'
export type { SampleOrder } from '../data/epoch-plan.js'
export { readIdx, type IdxArray } from '../data/idx.js'
export { imageFolder } from '../data/image-folder.js'
export {
  createLoader,
  type EpochOptions,
  type LoadedBatch,
  type Loader,
  type LoaderOptions
} from '../data/loader.js'
export { fashionMnist, mnist, type MnistOptions } from '../data/mnist.js'
export { packedDataset, type PackedPictures } from '../data/packed.js'
export { relabel } from '../data/relabel.js'
export { classBalancedOrder, sequentialOrder, shuffledOrder } from '../data/sampler.js'
export { splitFolders } from '../data/split-folders.js'
export { randomSplit, type DatasetSplit } from '../data/split.js'
