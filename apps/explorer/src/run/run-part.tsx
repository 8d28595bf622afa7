// The part "Run".
import type { JSX } from 'preact'
import { useWords } from '../words/words.js'

export function RunPart(): JSX.Element {
  const { run } = useWords()
  return (
    <section class="prose">
      <h2>{run.title}</h2>
      <p>{run.notYet}</p>
      <pre>resnet predict dog.jpg --model resnet50 --weights resnet50.pth</pre>
    </section>
  )
}
