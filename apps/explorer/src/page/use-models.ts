// The list of models, once the lab has sent it.
import { useEffect, useState } from 'preact/hooks'
import type { ModelChoice } from '../lab/architecture.js'
import { askLab } from '../lab/open-lab.js'
import { useWords } from '../words/words.js'
import { useNotify } from './notices.js'

export function useModels(): readonly ModelChoice[] {
  const { notices } = useWords()
  const notify = useNotify()
  const [models, setModels] = useState<readonly ModelChoice[]>([])
  useEffect(() => {
    askLab(lab => lab.architecture.models()).then(setModels, (error: unknown) =>
      notify(notices.labFailed(error instanceof Error ? error.message : String(error)))
    )
  }, [])
  return models
}
