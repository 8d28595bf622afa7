// The network that is open in the lab: reopened when the model, the file or the device changes.
import { proxy } from 'comlink'
import { useEffect, useRef, useState } from 'preact/hooks'
import { askLab } from '../lab/open-lab.js'
import type { Fault, OpenedNetwork, OpeningStage, OpenRequest } from '../lab/run.js'
import { settled } from './use-asked.js'

/** The network, the progress of opening it, or a fault. */
export interface NetworkState {
  readonly network?: OpenedNetwork
  /** The request that opened the network. */
  readonly openedBy?: OpenRequest
  /** The share is 0 … 1, if known. */
  readonly opening?: { readonly stage: OpeningStage; readonly share: number | undefined }
  readonly fault?: Fault
}

/** Faults after which the lab still has the previous network. */
const HARMLESS: ReadonlySet<Fault['kind']> = new Set(['weights', 'other-model', 'cancelled'])

/** Opens a network. If a file cannot be used, the previous network stays. */
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
