import { openNetwork } from '../../networks/open-network.js'
import { writeWeights } from '../../weights/write-weights.js'
import type { NetworkChoice } from '../open-chosen.js'

export interface InitOptions extends Pick<NetworkChoice, 'seed' | 'numClasses'> {
  readonly out: string
}

export async function init(model: string, { out, seed, numClasses }: InitOptions): Promise<void> {
  await writeWeights(out, (await openNetwork(model, { seed, numClasses })).net.stateDict())
}
