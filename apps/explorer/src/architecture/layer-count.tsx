// Why a network is called 18: the layers with weights, added up before one's eyes, term by term.
import type { LayerCount as Count, LayerTerm } from 'resnet-ts/inspect'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useWords } from '../words/words.js'

interface Props {
  readonly layers: Count
  /** The number of terms shown; `undefined` while not counting. */
  readonly shown: number | undefined
  readonly onShow: (shown: number | undefined) => void
}

const PACE = 900

export function LayerCount({ layers, shown, onShow }: Props): JSX.Element {
  const { architecture: words } = useWords()
  const { terms, total, sums } = layers
  const isCounting = shown !== undefined && shown < terms.length
  useEffect(() => {
    if (!isCounting) return
    const timer = setTimeout(() => onShow(shown + 1), PACE)
    return () => clearTimeout(timer)
  }, [shown, isCounting])
  const sum = terms.slice(0, shown).reduce((all, { count }) => all + count, 0)

  return (
    <section class="layer-count row tabular" aria-label={words.layerCount}>
      {shown === undefined ? (
        <p class="short-sum">
          <strong>{total}</strong> = {shortSum(terms)}
        </p>
      ) : (
        <div class="sum row" role="status">
          {terms.slice(0, shown).map(({ name, written }, place) => (
            <span key={place} class="term">
              {place > 0 && <span class="plus">+</span>}
              <span class="number">
                {written}
                <small>{name}</small>
              </span>
            </span>
          ))}
          <span class="term">
            <span class="plus">=</span>
            <strong class="number">
              {sum}
              <small>{words.layers(sum)}</small>
            </strong>
          </span>
        </div>
      )}
      {shown !== undefined && !isCounting && (
        <p class="sums row">
          {[...new Set([`${total} = ${shortSum(terms)}`, ...sums.slice(1)])].map(each => (
            <span key={each}>{each}</span>
          ))}
        </p>
      )}
      <button
        type="button"
        aria-pressed={shown !== undefined}
        onClick={() => onShow(shown === undefined ? 1 : undefined)}
      >
        {shown === undefined ? words.count : words.stopCounting}
      </button>
    </section>
  )
}

/** The names of the layers that the first terms count. */
export function layersOf({ terms }: Count, shown: number): ReadonlySet<string> {
  return new Set(terms.slice(0, shown).flatMap(({ layers }) => layers))
}

/** `1 + 2·2·4 + 1`: equal terms are written once. */
export function shortSum(terms: readonly LayerTerm[]): string {
  const groups: { readonly written: string; times: number }[] = []
  for (const { written } of terms) {
    const last = groups.at(-1)
    if (last?.written === written && written.includes('·')) last.times++
    else groups.push({ written, times: 1 })
  }
  return groups.map(({ written, times }) => (times > 1 ? `${written}·${times}` : written)).join(' + ')
}
