// Adapters from explanation methods to the command: one image in, something to show out.
import { gradCam, gradCamPlusPlus, eigenCam } from '../../explain/cam/cam.js'
import { featureSheet } from '../../explain/contact-sheet.js'
import type { Explainer, Explanation, ExplainRequest } from '../../explain/explanation.js'
import { featureMaps } from '../../explain/features.js'
import { peakOf } from '../../explain/heat.js'
import { integratedGradients } from '../../explain/integrated-gradients.js'
import { itemAt } from '../../explain/items.js'
import { occlusion } from '../../explain/occlusion.js'
import { scoreCam } from '../../explain/cam/score-cam.js'
import type { MethodName } from '../../explain/words.js'
import type { Picture } from '../../images/picture.js'
import type { DeviceRequest } from '../../runtime/engine.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { OpenedNetwork } from '../../networks/opening.js'
import { inputOf } from '../open-chosen.js'
import type { MethodOptions } from './choices.js'

export interface LookOptions extends MethodOptions {
  readonly method: Exclude<MethodName, 'filters'>
  readonly batch: number
  readonly device: DeviceRequest
  readonly multiLabel?: boolean
  /** A single output has two named classes. */
  readonly twoClasses: boolean
  readonly onProgress: (done: number, total: number) => void
}

export interface Seen {
  /** Shape: (classes). */
  readonly logits: Tensor<'float32'>
  /** Heat over the image: (H, W). */
  readonly heat?: Tensor<'float32'>
  /** The hottest pixel of the network's input. */
  readonly peak?: { readonly x: number; readonly y: number }
  /** The layer, for methods that use one. */
  readonly layer?: string | undefined
  /** The explained class. */
  readonly classIndex?: number
  /** A contact sheet instead of heat. */
  readonly sheet?: Picture
  /** Further values to print. */
  readonly facts: Readonly<Record<string, number>>
}

/** A prepared method: explains a prepared image, (1, C, H, W). */
export type Look = (image: Tensor<'float32'>, request: ExplainRequest) => Promise<Seen>

/** @throws ResnetError when the layer is unknown or has no feature map. */
export async function lookInto(opened: OpenedNetwork, options: LookOptions): Promise<Look> {
  const { net, prepare } = opened
  const { multiLabel = opened.multiLabel } = options
  const { method, layer, batch, device, maxChannels, patch, stride, steps = 50, onProgress } = options
  const input = ['N' as const, ...inputOf(opened).slice(1)]
  const reading = { multiLabel, twoClasses: options.twoClasses }
  const common = { input, batchSize: batch, device, ...reading }
  const ofLayer = { ...common, layer }
  switch (method) {
    case 'gradcam':
      return seenBy(await gradCam(net, ofLayer))
    case 'gradcam++':
      return seenBy(await gradCamPlusPlus(net, ofLayer))
    case 'eigencam':
      return seenBy(await eigenCam(net, ofLayer))
    case 'scorecam': {
      let channelsTried = 0
      const counting = (done: number, channels: number): void => {
        channelsTried = channels
        onProgress(done, channels)
      }
      const explain = await scoreCam(net, { ...ofLayer, maxChannels, onProgress: counting })
      return seenBy(explain, () => ({ channelsTried }))
    }
    case 'occlusion': {
      const explain = await occlusion(net, { ...common, patch, stride, onProgress })
      return seenBy(explain, () => ({ patch: explain.patch, stride: explain.stride }))
    }
    case 'integrated-gradients': {
      // The paper's baseline is a black image.
      const baseline = prepare({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) })
      const explain = await integratedGradients(net, { ...common, steps, baseline, onProgress })
      return seenBy(explain, ({ total, gain }) => ({ steps, total: total[0], gain: gain[0] }))
    }
    case 'features': {
      const features = await featureMaps(net, { input, layer, device, ...reading })
      return async image => {
        const { maps, logits } = await features(image)
        const [, channels, rows, columns] = maps.shape
        return {
          logits: logits.reshape([-1]),
          layer: features.layer,
          sheet: featureSheet(maps.reshape([channels, rows, columns])),
          facts: { channels, rows, columns }
        }
      }
    }
  }
}

function seenBy<E extends Explanation>(
  explain: Explainer<E> & { readonly layer?: string },
  facts: (found: E) => Seen['facts'] = () => ({})
): Look {
  return async (image, request) => {
    const found = await explain(image, request)
    const { heat, classIndex, logits } = found
    return {
      logits: logits.reshape([-1]),
      heat: itemAt(heat, 0),
      peak: peakOf(heat),
      classIndex: classIndex[0],
      layer: explain.layer,
      facts: facts(found)
    }
  }
}
