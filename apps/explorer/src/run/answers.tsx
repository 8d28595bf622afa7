// The most probable classes with their probabilities; choosing one shows the evidence for it.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Answer, OpenedNetwork } from '../lab/run.js'
import { saveFile } from '../page/controls.js'
import { useWords } from '../words/words.js'
import type { Run } from './use-run.js'

/** While the user draws, predictions change faster than a screen reader can speak. */
const PAUSE = 700

export function Answers({ run }: { readonly run: Run }): JSX.Element {
  const { run: words } = useWords()
  const { fields, change, networkState } = run
  const { value: answer } = run.answer
  const [said, setSaid] = useState('')
  useEffect(() => {
    const [best] = answer?.top ?? []
    const timer = setTimeout(() => setSaid(best ? words.answerIs(best.label, best.score) : ''), PAUSE)
    return () => clearTimeout(timer)
  }, [answer, words])
  return (
    <section class="card" aria-labelledby="run-answer">
      <h2 id="run-answer">{words.answer}</h2>
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {answer ? (
        <>
          <ol class="answers quiet" aria-label={words.topFive}>
            {answer.top.map(({ label, index, score }) => (
              <li key={index}>
                <button
                  type="button"
                  aria-pressed={index === fields.class}
                  title={words.explainClass}
                  onClick={() => change({ class: index === fields.class ? undefined : index })}
                >
                  <span class="label">{label}</span>
                  <span class="score tabular">{words.percent(score)}</span>
                  <span class="bar" style={{ inlineSize: `${100 * score}%` }} />
                </button>
              </li>
            ))}
          </ol>
          <button
            type="button"
            class="quiet"
            title={words.saveHint}
            onClick={() => networkState.network && saveNumbers(networkState.network, answer)}
          >
            {words.save}
          </button>
        </>
      ) : (
        <p class="empty">{words.nothingYet}</p>
      )}
    </section>
  )
}

/** Downloads the network's whole output, to be compared with that of the command line. */
function saveNumbers({ name, weights, device }: OpenedNetwork, { top, logits }: Answer): void {
  const numbers = { model: name, weights, device, top, logits: Array.from(logits) }
  saveFile(`${name}.json`, `${JSON.stringify(numbers, undefined, 2)}\n`, 'application/json')
}
