// What is taken for granted about weights under another project's names, in words.
import { BLOCK, USUAL, type Doubt } from '../weights/dialects/dialects.js'
import type { Translation } from '../weights/dialects/translate.js'

/**
 * What names cannot tell, as it is taken to be, and the option that says otherwise.
 * @param settled options that leave no doubt.
 */
export function doubtsOf(
  { dialect: { doubts = {} }, stateDict }: Pick<Translation, 'dialect' | 'stateDict'>,
  settled: readonly string[] = []
): string[] {
  // Of basic blocks, both convolutions are 3×3.
  const hasBottlenecks = stateDict.has(BLOCK.replace('conv1', 'conv3'))
  return Object.entries(doubts).flatMap(([option, otherwise]) => {
    if (settled.includes(option) || (option === 'strideIn1x1' && !hasBottlenecks)) return []
    return [`${USUAL[option as Doubt]} (else ${option}: ${otherwise})`]
  })
}
