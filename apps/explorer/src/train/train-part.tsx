// The part "Train".
import type { JSX } from 'preact'
import { useWords } from '../words/words.js'

export function TrainPart(): JSX.Element {
  const { train } = useWords()
  return (
    <section class="prose">
      <h2>{train.title}</h2>
      <p>{train.notYet}</p>
      <pre>resnet train digits --model cifar_resnet20</pre>
    </section>
  )
}
