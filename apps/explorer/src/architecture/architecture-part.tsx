// The part "Architecture".
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useFields } from '../address/use-address.js'
import type { ModelChoice } from '../lab/architecture.js'
import { askLab } from '../lab/open-lab.js'
import { useWords } from '../words/words.js'
import { architectureFields } from './fields.js'

export function ArchitecturePart(): JSX.Element {
  const [{ model }, change] = useFields('architecture', architectureFields)
  const { architecture: words } = useWords()
  const [models, setModels] = useState<readonly ModelChoice[]>([])
  useEffect(() => {
    void askLab(lab => lab.architecture.models()).then(setModels)
  }, [])
  return (
    <section class="prose">
      <select
        aria-label={words.network}
        value={model}
        onChange={event => change({ model: event.currentTarget.value })}
      >
        {models.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </section>
  )
}
