// `--assume name=value`: what the names of weights cannot tell, of which one may be given after another.
import { InvalidArgumentError } from 'commander'
import { didYouMean } from '../base/nearest-names.js'
import { ASSUMPTIONS, type Assumptions } from '../networks/opening.js'

/** @throws InvalidArgumentError naming what can be assumed. */
export function parseAssumption(text: string, before: Assumptions = {}): Assumptions {
  const [name, value = 'true', ...rest] = text.split('=').map(part => part.trim())
  const [, rule] = Object.entries(ASSUMPTIONS).find(([known]) => known === name) ?? []
  if (rule === undefined) {
    const known = Object.keys(ASSUMPTIONS)
    throw new InvalidArgumentError(
      `There is no ${name}${didYouMean(name, known) || `; expected one of ${known.join(', ')}`}`
    )
  }
  const given = valueOf(value)
  if (rest.length > 0 || !rule.accepts(given)) {
    throw new InvalidArgumentError(`${name}: expected ${rule.expected}`)
  }
  return { ...before, [name]: given }
}

function valueOf(text: string): unknown {
  if (text.includes(',')) return text.split(',').map(part => valueOf(part.trim()))
  if (text === 'true' || text === 'false') return text === 'true'
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text)
}
