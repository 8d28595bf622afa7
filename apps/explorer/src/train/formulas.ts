// Formulas of blocks, the same in every language.
import type { Shortcut } from '../lab/train-settings.js'

/** A formula for what each kind of block computes before its last ReLU. */
export const FORMULAS: Readonly<Record<Shortcut, string>> = {
  plain: 'F(x)',
  identity: 'F(x) + x',
  product: 'F(x) · x',
  half: '½F(x) + ½x',
  'exclusive-gate': 'g·F(x) + (1−g)·x',
  'shortcut-gate': 'F(x) + (1−g)·x',
  conv1x1: 'F(x) + Wx',
  dropout: 'F(x) + dropout(x)'
}

/** What the two networks are called: by their formulas, numbered where those are the same. */
export function laneNames([left, right]: readonly [Shortcut, Shortcut]): readonly [string, string] {
  const names = [FORMULAS[left], FORMULAS[right]] as const
  return left === right ? [`${names[0]} ①`, `${names[1]} ②`] : names
}
