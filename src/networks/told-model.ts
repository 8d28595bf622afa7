// The model that a training script's checkpoint says it is of: timm's script and PyTorch's ImageNet example write `arch`, others
// their options.
import { ResnetError } from '../base/errors.js'
import { namedModel } from './named-model.js'

export interface ToldModel {
  /** A name from the registry. */
  readonly model: string
  /** The same with its tag, if it has one. */
  readonly name: string
  /** As the file says it, by the path of its keys: `arch: resnet18`. */
  readonly said: string
}

const ARCH = 'arch'
/** Other paths under which scripts keep a model's name: `hyper_parameters.model_name`, `args.model`, `config.model.name`. */
const NAMING =
  /(^|\.)(arch(itecture)?|(model|backbone|encoder|net|network)(_(name|arch|type))?|(model|backbone|encoder|net|network)\.(name|arch|type))$/i

/**
 * @param metadata texts beside the weights, by the path of their keys.
 * @param onNote called with a sentence where the name is one that timm has given up.
 * @returns undefined where a file says nothing, or names no model that is here.
 */
export async function toldModel(
  metadata: Readonly<Record<string, string>> = {},
  onNote?: (note: string) => void
): Promise<ToldModel | undefined> {
  const paths = Object.keys(metadata).filter(path => path !== ARCH && NAMING.test(path))
  for (const path of ARCH in metadata ? [ARCH, ...paths] : paths) {
    try {
      const { model, tag } = await namedModel(metadata[path], onNote)
      return { model, name: tag?.name ?? model, said: `${path}: ${metadata[path]}` }
    } catch (error) {
      if (!(error instanceof ResnetError)) throw error
    }
  }
  return undefined
}
