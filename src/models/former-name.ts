// What models were called in timm before. Loaded for names that the registry does not have.
import { ResnetError } from '../base/errors.js'
import { FORMER_NAMES } from './timm-former-names.js'

/**
 * The model, with its tag if it has one, that a former name of timm's stands for; undefined for all other names.
 * @throws ResnetError for the name of a network that timm has no more.
 */
export function formerName(name: string): string | undefined {
  if (!Object.hasOwn(FORMER_NAMES, name)) return undefined
  const current = FORMER_NAMES[name]
  if (current !== null) return current
  throw new ResnetError(
    `There is no model '${name}': timm has given up its network, and calls another by that name`
  )
}
