import { counted, formatCount } from '../../base/figures.js'
import { abridge } from '../../base/words.js'
import { describeWeights, type WeightsDescription } from '../../networks/describe-weights.js'
import { downloadLine } from '../open-chosen.js'
import { clearLine, print, printJson, progressDrawer, say, styled } from '../terminal/output.js'

export interface WeightsOptions {
  readonly entry?: string
  readonly dialect?: string
  readonly json?: boolean
}

export async function weights(file: string, { json = false, ...options }: WeightsOptions): Promise<void> {
  const draw = progressDrawer(json)
  draw(() => `reading ${file}`)
  const found = await describeWeights(file, {
    ...options,
    onNote: note => say(`${file}: ${note}`),
    onProgress: (received, total) => draw(() => downloadLine(file, received, total))
  })
  clearLine()
  if (json) {
    printJson(found)
    return
  }
  print([styled('bold', file)])
  for (const [name, value] of lines(found)) if (value !== '') print(`  ${name.padEnd(WIDTH)}${value}`)
}

const WIDTH = 12
const SHOWN = 8

// A checkpoint's description names all its classes.
const MAX_TEXT = 200

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}

function fits(models: readonly string[], butStem: readonly string[]): string {
  if (models.length > 0) return abridge(models, SHOWN)
  return butStem.length > 0
    ? `${abridge(butStem, SHOWN)} but for the 3×3 stem, for small pictures: build that in a JavaScript file, with the option stem`
    : 'no model here'
}

function lines(found: WeightsDescription): (readonly [name: string, value: string])[] {
  const { container, entry, entries, dialect, prefix, models, hasHead, numClasses, opaque, leftOut } = found
  const others = entries.filter(each => each !== entry).map(each => each || 'the file itself')
  return [
    ['container', container],
    ['entry', entry],
    ['others', abridge(others, SHOWN)],
    ['names', `${dialect ?? 'of no project that is known'}${prefix === '' ? '' : `, behind ${prefix}`}`],
    [
      'other names',
      abridge(
        found.otherPrefixes.map(other => `behind ${other}`),
        SHOWN
      )
    ],
    ['fits', fits(models, found.modelsButStem)],
    // Of names that no project has, none is a classifier's.
    [
      'classifier',
      dialect === undefined && !hasHead
        ? ''
        : hasHead
          ? counted(numClasses ?? 0, 'output', 'outputs')
          : 'none: a backbone'
    ],
    ['assumed', found.assumed.join(', ')],
    [
      'parameters',
      `${formatCount(found.parameters)} in ${counted(found.tensors, 'tensor', 'tensors')}${found.dtypes.length > 0 ? ` of ${found.dtypes.join(', ')}` : ''}`
    ],
    ['left out', abridge(leftOut, SHOWN)],
    [
      'metadata',
      abridge(
        Object.entries(found.metadata).map(([key, value]) => `${key}: ${shortened(value)}`),
        SHOWN
      )
    ],
    ['not read', abridge(opaque, SHOWN)]
  ]
}
