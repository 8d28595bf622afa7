// Which options belong to which method; others are rejected, not ignored.
import { METHODS, type MethodName } from '../../explain/words.js'
import { ResnetError } from '../../base/errors.js'

/** Options of some methods only. */
export interface MethodOptions {
  readonly layer?: string
  readonly class?: string
  readonly maxChannels?: number
  readonly patch?: number
  readonly stride?: number
  readonly steps?: number
}

const TAKES: Readonly<Record<MethodName, readonly (keyof MethodOptions)[]>> = {
  gradcam: ['layer', 'class'],
  'gradcam++': ['layer', 'class'],
  eigencam: ['layer'],
  scorecam: ['layer', 'class', 'maxChannels'],
  occlusion: ['class', 'patch', 'stride'],
  'integrated-gradients': ['class', 'steps'],
  features: ['layer'],
  filters: ['layer']
}
const ALL = ['layer', 'class', 'maxChannels', 'patch', 'stride', 'steps'] as const

/** @throws ResnetError for an option that the method does not have. */
export function assertFitting(method: MethodName, options: MethodOptions): void {
  const wrong = ALL.find(name => options[name] !== undefined && !TAKES[method].includes(name))
  if (wrong === undefined) return
  const methods = Object.keys(METHODS).filter(name => TAKES[name as MethodName].includes(wrong))
  const flag = wrong.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  throw new ResnetError(`--${flag} means nothing to --method ${method}; it is for ${methods.join(', ')}`)
}
