// What timm says of its pretrained networks, for programs: the table is loaded when it is first asked for.
import { aBoolean, aString, checkArguments, checkOptions, type OptionsOf } from '../base/options.js'
import { ResnetError } from '../base/errors.js'
import type { ImageClassificationOptions } from '../images/pipeline/presets.js'
import type { TimmTag } from './timm-tags.js'

const OPTIONS = {
  /**
   * Whether pictures have the size with which the accuracies were measured, which some networks have beside that of training;
   * default false, as in `openNetwork` and timm's `resolve_model_data_config`.
   */
  testSize: aBoolean
}

/** Options of `timmPreset`. */
export interface TimmPresetOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * How pictures are prepared for one of timm's pretrained networks, as options of `imageClassification`.
 * @param name a model with a tag, such as `resnet50.a1_in1k`.
 * @throws ResnetError naming the tags that there are.
 * @example
 * const { cropSize } = await timmPreset('resnet50.tv2_in1k')
 * cropSize // 176
 * const asMeasured = await timmPreset('resnet50.tv2_in1k', { testSize: true })
 * asMeasured.cropSize // 224
 */
export async function timmPreset(
  name: string,
  options: TimmPresetOptions = {}
): Promise<ImageClassificationOptions> {
  const { testSize = false } = checkOptions('timmPreset', options, OPTIONS)
  checkArguments('timmPreset', { name }, { name: aString })
  const { findTag } = await import('./timm-tags.js')
  const { formerName } = await import('./former-name.js')
  const [model, tag] = splitTag(formerName(name) ?? name)
  if (tag === undefined)
    throw new ResnetError(`timmPreset: expected a model with a tag, such as ${model}.a1_in1k, got '${name}'`)
  return findTag(model, tag)[testSize ? 'test' : 'train']
}

/**
 * timm's pretrained networks: their repositories, classes, licences and preparation of pictures.
 * @param model a model's name; default all.
 * @example
 * const [first] = await timmTags('resnet26d')
 * first.repository // 'timm/resnet26d.bt_in1k'
 * first.licence // 'apache-2.0'
 */
export async function timmTags(model?: string): Promise<TimmTag[]> {
  if (model !== undefined) checkArguments('timmTags', { model }, { model: aString })
  const tags = await import('./timm-tags.js')
  return tags.timmTags(model)
}

/** A model's name and, after a dot, timm's tag. */
export function splitTag(name: string): readonly [model: string, tag: string | undefined] {
  const dot = name.indexOf('.')
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)]
}
