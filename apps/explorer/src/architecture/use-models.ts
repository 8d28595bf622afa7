// The list of models, once the lab has sent it.
import { useEffect, useState } from 'preact/hooks'
import type { ModelChoice } from '../lab/architecture.js'
import { askLab, LabError } from '../lab/open-lab.js'
import { useNotify } from '../page/notices.js'
import { useWords } from '../words/words.js'

export function useModels(): readonly ModelChoice[] {
  const { notices } = useWords()
  const notify = useNotify()
  const [models, setModels] = useState<readonly ModelChoice[]>([])
  useEffect(() => {
    askLab(lab => lab.architecture.models()).then(setModels, (cause: unknown) => {
      if (cause instanceof LabError) notify(notices.labFailed(cause.message))
      else throw cause
    })
  }, [])
  return models
}
