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
  /** What the network was opened by. */
  readonly openedBy?: OpenRequest
  readonly opening?: Opening
  readonly fault?: Fault
}

/** Faults that come before the lab lets go of the network that was open. */
const HARMLESS: ReadonlySet<Fault['kind']> = new Set(['weights', 'other-model', 'cancelled'])

/** Opens what is asked for. Where a file turns out to be of no use, the network before it stays. */
export function useNetwork(request: OpenRequest | undefined): NetworkState {
  const [state, setState] = useState<NetworkState>({})
  const newest = useRef<OpenRequest | undefined>(undefined)
  const open = useRef<Pick<NetworkState, 'network' | 'openedBy'>>({})
  useEffect(() => {
    newest.current = request
    if (!request) return
    const isCurrent = (): boolean => newest.current === request
    if (!request.weights) open.current = {}
    setState({ opening: { stage: 'reading', share: undefined } })
    const onStage = proxy((stage: OpeningStage, share: number | undefined) => {
      if (!isCurrent()) return
      if (stage === 'starting') open.current = {}
      setState(before => (before.opening ? { opening: { stage, share } } : before))
    })
    void settled(askLab(lab => lab.run.open(request, onStage))).then(({ value, fault }) => {
      if (!isCurrent()) return
      if (value) open.current = { network: value, openedBy: request }
      else if (fault && !HARMLESS.has(fault.kind)) open.current = {}
      setState({ ...open.current, ...(fault && { fault }) })
    })
  }, [request])
  return state
}
