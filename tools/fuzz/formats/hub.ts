// Folders from the Hugging Face Hub: what they say of their network, of its pictures, and of the parts of its weights.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cifar_resnet8 } from '../../../src/models/resnet/cifar-resnet.js'
import { readHubNetwork } from '../../../src/networks/hub-config.js'
import { openNetwork } from '../../../src/networks/open-network.js'
import { tensor } from '../../../src/tensor/tensor.js'
import { readWeights } from '../../../src/weights/read-weights.js'
import { encodeWeights } from '../../../src/weights/write-weights.js'
import { format, type Format } from '../format.js'
import { mutatedBytes } from '../mutate-bytes.js'
import { asJson, mutatedData, type Data } from '../mutate-json.js'

const TIMM: Data = {
  architecture: 'cifar_resnet8',
  num_classes: 3,
  global_pool: 'avg',
  model_args: { drop_rate: 0.1 },
  label_names: ['a', 'b', 'c'],
  label_descriptions: { a: 'ant' },
  pretrained_cfg: {
    input_size: [3, 32, 32],
    crop_pct: 0.95,
    interpolation: 'bicubic',
    crop_mode: 'center',
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
    license: 'mit'
  }
}
const TRANSFORMERS: Data = {
  model_type: 'resnet',
  layer_type: 'basic',
  depths: [2, 2, 2, 2],
  hidden_sizes: [64, 128, 256, 512],
  embedding_size: 64,
  hidden_act: 'relu',
  downsample_in_first_stage: false,
  num_channels: 3,
  id2label: { 0: 'cat', 1: 'dog' }
}
const PREPROCESSOR: Data = {
  image_processor_type: 'ConvNextImageProcessor',
  do_resize: true,
  do_rescale: true,
  do_normalize: true,
  rescale_factor: 1 / 255,
  size: { shortest_edge: 224 },
  crop_size: { height: 224, width: 224 },
  crop_pct: 0.875,
  resample: 3,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.25, 0.25, 0.25]
}

const config = format('hub-config', async place => {
  const folder = join(place, 'described')
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'model.safetensors'),
    encodeWeights(cifar_resnet8({ numClasses: 3 }).stateDict())
  )
  return {
    draw(random) {
      const isTimm = random.oneIn(2)
      const isOfConfig = isTimm || random.oneIn(2)
      const [about, preprocessor] = [isTimm ? TIMM : TRANSFORMERS, PREPROCESSOR]
      return {
        config: asJson(isOfConfig ? mutatedData(about, random) : about, random),
        preprocessor: asJson(isOfConfig ? preprocessor : mutatedData(preprocessor, random), random),
        isOpened: random.oneIn(16)
      }
    },
    async read({ config: about, preprocessor, isOpened }) {
      if (!isOpened) return void readHubNetwork(about, preprocessor, 'hf:owner/net')
      writeFileSync(join(folder, 'config.json'), about)
      writeFileSync(join(folder, 'preprocessor_config.json'), preprocessor)
      const { prepare } = await openNetwork(folder)
      prepare({ width: 5, height: 4, channels: 3, data: new Uint8Array(60) })
    }
  }
})

const index = format('hub-index', async place => {
  const folder = join(place, 'in-parts')
  mkdirSync(folder)
  const parts = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
  const files = parts.map((_, i) => encodeWeights(new Map([[`layer${i}.weight`, tensor([i, 1])]])))
  const about: Data = {
    metadata: { total_size: 16 },
    weight_map: { 'layer0.weight': parts[0], 'layer1.weight': parts[1] }
  }
  return {
    draw: random => ({
      json: asJson(mutatedData(about, random), random),
      part: random.oneIn(8) ? mutatedBytes(files[1], random) : files[1]
    }),
    async read({ json, part }) {
      writeFileSync(join(folder, 'model.safetensors.index.json'), json)
      writeFileSync(join(folder, parts[0]), files[0])
      writeFileSync(join(folder, parts[1]), part)
      await readWeights(folder)
    }
  }
})

export const HUB: readonly Format[] = [config, index]
