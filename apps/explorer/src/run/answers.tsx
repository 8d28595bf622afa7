// The most probable classes with their probabilities; choosing one shows the evidence for it.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Answer } from '../lab/run.js'
import { useWords } from '../words/words.js'

interface Props {
  readonly answer: Answer | undefined
  /** The class that was chosen to be explained. */
  readonly chosen: number | undefined
  readonly onChoose: (classIndex: number | undefined) => void
  readonly onSave: () => void
}

/** While the user draws, predictions change faster than a screen reader can speak. */
const PAUSE = 700

export function Answers({ answer, chosen, onChoose, onSave }: Props): JSX.Element {
  const { run: words } = useWords()
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
                  aria-pressed={index === chosen}
                  title={words.explainClass}
                  onClick={() => onChoose(index === chosen ? undefined : index)}
                >
                  <span class="label">{label}</span>
                  <span class="score tabular">{words.percent(score)}</span>
                  <span class="bar" style={{ inlineSize: `${100 * score}%` }} />
                </button>
              </li>
            ))}
          </ol>
          <button type="button" class="quiet" title={words.saveHint} onClick={onSave}>
            {words.save}
          </button>
        </>
      ) : (
        <p class="empty">{words.nothingYet}</p>
      )}
    </section>
  )
}
