import { openNetwork } from '../../networks/open-network.js'
import { writeWeights } from '../../weights/write-weights.js'
import { countedTensors } from '../counted-tensors.js'
import type { NetworkChoice } from '../open-chosen.js'
import { sayWritten } from '../terminal/output.js'

export interface InitOptions extends Pick<NetworkChoice, 'seed' | 'numClasses'> {
  readonly out: string
}

export async function init(model: string, { out, seed, numClasses }: InitOptions): Promise<void> {
  const state = (await openNetwork(model, { seed, numClasses })).net.stateDict()
  await writeWeights(out, state)
  await sayWritten(out, `${model} from seed ${seed}, ${countedTensors(state)}`)
}
