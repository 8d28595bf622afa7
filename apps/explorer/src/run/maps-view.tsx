// The feature maps of a layer: a sheet with one map per channel.
import type { JSX } from 'preact'
import type { Answer, Maps, OpenedNetwork } from '../lab/run.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { LayerSelect } from './layer-select.js'

interface Props {
  readonly network: OpenedNetwork | undefined
  readonly answer: Answer | undefined
  readonly maps: Maps | undefined
  readonly layer: string
  readonly onLayer: (layer: string) => void
}

export function MapsView({ network, answer, maps, layer, onLayer }: Props): JSX.Element {
  const { run: words } = useWords()
  const about = maps && words.mapsOf(maps.shape[0], maps.shape[1], maps.shape[2])
  return (
    <section class="card" aria-labelledby="run-maps">
      <h2 id="run-maps">{words.maps}</h2>
      {network && answer ? (
        <div class="controls">
          <label class="wide">
            {words.layer}
            <LayerSelect network={network} value={layer} onChange={onLayer} />
          </label>
        </div>
      ) : (
        <p class="empty">{words.mapsEmpty}</p>
      )}
      {answer && maps && about !== undefined && (
        <>
          <div class={maps.of === answer.id ? '' : 'stale'}>
            <BitmapView bitmap={maps.sheet} label={`${maps.layer}: ${about}`} isCrisp />
          </div>
          <p class="hint">{about}</p>
        </>
      )}
    </section>
  )
}
