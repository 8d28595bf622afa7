// Names of classes in a file of one's own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLabels } from '../../../src/cli/predict/read-labels.js'
import { format, type Format } from '../format.js'
import { mutatedBytes } from '../mutate-bytes.js'
import { asJson, mutatedData } from '../mutate-json.js'

const NAMES = ['tabby cat', 'Bär', '狗']

const labels = format('labels', async folder => {
  const lines = new TextEncoder().encode(NAMES.join('\n'))
  return {
    draw: random =>
      random.oneIn(3)
        ? { file: 'labels.txt', content: mutatedBytes(lines, random) }
        : {
            file: 'labels.json',
            content: asJson(mutatedData(random.pick([NAMES, Object.assign({}, NAMES)]), random), random)
          },
    async read({ file, content }) {
      const path = join(folder, file)
      writeFileSync(path, content)
      await readLabels(path, NAMES.length)
    }
  }
})

export const LABELS: readonly Format[] = [labels]
