// What a layer makes of the picture: a sheet with a map for each of its channels.
import type { JSX } from 'preact'
import type { Maps, OpenedNetwork } from '../lab/run.js'
import { useWords } from '../words/words.js'
import { BitmapView } from './bitmap-view.js'
import { LayerSelect } from './layer-select.js'

interface Props {
  readonly network: OpenedNetwork | undefined
  readonly maps: Maps | undefined
  readonly layer: string
  readonly onLayer: (layer: string) => void
}

export function MapsView({ network, maps, layer, onLayer }: Props): JSX.Element {
  const { run: words } = useWords()
  return (
    <section class="card" aria-labelledby="run-maps">
      <h2 id="run-maps">{words.maps}</h2>
      {network && maps ? (
        <>
          <div class="controls">
            <label>
              {words.layer}
              <LayerSelect network={network} value={layer} onChange={onLayer} />
            </label>
          </div>
          <BitmapView
            bitmap={maps.sheet}
            label={`${layer}: ${words.mapsOf(maps.shape[0], maps.shape[1], maps.shape[2])}`}
            isCrisp
          />
          <p class="hint">{words.mapsOf(maps.shape[0], maps.shape[1], maps.shape[2])}</p>
        </>
      ) : (
        <p class="empty">{words.mapsEmpty}</p>
      )}
    </section>
  )
}
