// The network that is open in the lab: opened anew when another one, another file or another device is asked for.
import { proxy } from 'comlink'
import { useEffect, useRef, useState } from 'preact/hooks'
import { askLab } from '../lab/open-lab.js'
import type { Fault, OpenedNetwork, OpeningStage, OpenRequest } from '../lab/run.js'
import { settled } from './use-asked.js'

/** How far the opening is. */
export interface Opening {
  readonly stage: OpeningStage
  /** 0 … 1, where it is known. */
  readonly share: number | undefined
}

/** The network, or how far it is, or why there is none. */
export interface NetworkState {
  readonly network?: OpenedNetwork
  readonly opening?: Opening
  readonly fault?: Fault
}

/** Opens what is asked for. */
export function useNetwork(request: OpenRequest | undefined): NetworkState {
  const [state, setState] = useState<NetworkState>({})
  const newest = useRef<OpenRequest | undefined>(undefined)
  useEffect(() => {
    newest.current = request
    if (!request) return
    const isCurrent = (): boolean => newest.current === request
    setState({ opening: { stage: 'reading', share: undefined } })
    const onStage = proxy((stage: OpeningStage, share: number | undefined) => {
      if (isCurrent()) setState(before => (before.opening ? { opening: { stage, share } } : before))
    })
    void settled(askLab(lab => lab.run.open(request, onStage))).then(({ value, fault }) => {
      if (isCurrent()) setState({ ...(value && { network: value }), ...(fault && { fault }) })
    })
  }, [request])
  return state
}
