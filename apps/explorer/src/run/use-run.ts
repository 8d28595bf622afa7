// The part's state: the open network, its input and its output. The URL decides, except for the user's own files.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useFields, type Change } from '../address/use-address.js'
import { askLab } from '../lab/open-lab.js'
import type { ModelChoice } from '../lab/architecture.js'
import type { Answer, Heat, Maps, OpenRequest, RunDevice } from '../lab/run.js'
import { useNotify } from '../page/notices.js'
import { useModels } from '../page/use-models.js'
import { useWords } from '../words/words.js'
import { BUNDLED, runFields, type RunFields } from './fields.js'
import { useAsked, type Asked } from './use-asked.js'
import { useNetwork, type NetworkState } from './use-network.js'
import { useShown, type ShownState } from './use-shown.js'

/** Everything the part shows, and the functions that change it. */
export interface Run {
  readonly fields: RunFields
  readonly change: Change<RunFields>
  readonly models: readonly ModelChoice[]
  readonly networkState: NetworkState
  readonly shownState: ShownState
  readonly answer: Asked<Answer>
  readonly heat: Asked<Heat>
  readonly maps: Asked<Maps>
  /** The layers to explain. */
  readonly layers: { readonly heat: string; readonly maps: string }
  chooseModel(model: string): void
  chooseDevice(device: RunDevice): void
  /** Opens weights in the chosen model, or in another one. */
  loadWeights(file: File, into?: string): void
  /** The weights opened last. */
  readonly weights: File | undefined
  cancel(): void
  /** Reopens the network. */
  again(): void
}

interface Weights {
  readonly file: File
  readonly into: string
}

export function useRun(): Run {
  const [fields, change] = useFields('run', runFields)
  const { model, device } = fields
  const [weights, setWeights] = useState<Weights | undefined>()
  const [attempt, setAttempt] = useState(0)
  const models = useModels()
  const { notices } = useWords()
  const notify = useNotify()
  const isKnown = model === BUNDLED || models.some(({ name }) => name === model)
  useEffect(() => {
    // An unknown model in the URL is reported and ignored.
    if (models.length === 0 || isKnown) return
    notify(notices.ignored('model', model))
    change({ model: BUNDLED })
  }, [models, model])

  // A file may turn out to be of another model, which the URL then names: do not open it again.
  const chosen = weights ? weights.into : model
  const request = useMemo(
    (): OpenRequest | undefined =>
      isKnown ? { model: chosen, device, ...(weights ? { weights: weights.file } : {}) } : undefined,
    [isKnown, chosen, device, weights, attempt]
  )
  const networkState = useNetwork(request)
  const { network } = networkState
  useEffect(() => {
    if (network?.weights !== undefined && network.name !== model)
      change({ model: network.name, maps: undefined, heat: undefined, class: undefined })
    // Only when a network was opened; later choices are the user's.
  }, [network])
  useEffect(() => {
    // The URL names another model; the file belonged to the previous one.
    if (weights && model !== weights.into && model !== network?.name) setWeights(undefined)
  }, [model])

  const shownState = useShown(fields.picture, picture => change({ picture }))
  const { shown } = shownState
  const layers = useLayers(networkState, fields, change)
  const { method, class: classIndex } = fields
  const answer = useAsked(network && shown && (() => askLab(lab => lab.run.show(shown))), [network, shown])
  const id = answer.value?.id
  const heat = useAsked(
    id === undefined ? id : () => askLab(lab => lab.run.heat(id, { method, layer: layers.heat, classIndex })),
    [id, method, layers.heat, classIndex]
  )
  const maps = useAsked(id === undefined ? id : () => askLab(lab => lab.run.maps(id, layers.maps)), [
    id,
    layers.maps
  ])

  return {
    fields,
    change,
    models,
    networkState,
    shownState,
    answer,
    heat,
    maps,
    layers,
    weights: weights?.file,
    chooseModel(name) {
      setWeights(undefined)
      change({ model: name, maps: undefined, heat: undefined, class: undefined })
    },
    chooseDevice(wanted) {
      const { openedBy } = networkState
      // Weights that could not be opened are not tried again; those of the network that stayed move with it.
      if (openedBy) setWeights(openedBy.weights && { file: openedBy.weights, into: openedBy.model })
      change({ device: wanted })
    },
    loadWeights: (file, into = model) => setWeights({ file, into }),
    cancel: () => void askLab(lab => lab.run.cancel()),
    again: () => setAttempt(before => before + 1)
  }
}

/** The layers to explain; one that the network does not have is reported and ignored. */
function useLayers(
  { network }: NetworkState,
  { heat, maps, class: classIndex }: RunFields,
  change: Change<RunFields>
): Run['layers'] {
  const { notices } = useWords()
  const notify = useNotify()
  const isLayer = (name: string | undefined): boolean =>
    name === undefined || network === undefined || network.layers.some(each => each.name === name)
  useEffect(() => {
    if (!network) return
    const ignore = (name: 'heat' | 'maps' | 'class', value: string): void => {
      notify(notices.ignored(name, value))
      change({ [name]: undefined })
    }
    if (heat !== undefined && !isLayer(heat)) ignore('heat', heat)
    if (maps !== undefined && !isLayer(maps)) ignore('maps', maps)
    if (classIndex !== undefined && classIndex >= network.classes.length) ignore('class', String(classIndex))
  }, [network, heat, maps, classIndex])
  const last = network?.lastLayer ?? ''
  return {
    heat: heat !== undefined && isLayer(heat) ? heat : last,
    maps: maps !== undefined && isLayer(maps) ? maps : (network?.layers[0]?.name ?? '')
  }
}
