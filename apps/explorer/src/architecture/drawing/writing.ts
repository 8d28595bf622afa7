// Labels of parts in the drawing, also for screen readers.
import type { OutlinePart } from 'resnet-ts/inspect'
import type { Words } from '../../words/words.js'
import { compact, formatShape } from '../format.js'
import { canOpen, ownName, repeatsOf } from './tree.js'

/** The texts on a part, in the order they are read. */
export interface Writing {
  readonly title: string
  readonly parameters: string
  readonly name: string
  readonly shape: string
}

/** What stands on a part. */
export function writingOf(part: OutlinePart, { architecture }: Words): Writing {
  const name = ownName(part)
  const title = part.role === 'input' ? architecture.input : part.title
  const count = repeatsOf(part)
  const kind = count > 0 ? architecture.repeats(count, part.parts[0].type) : title
  const [first, second] = canOpen(part) ? [name, kind] : [title, name]
  return {
    title: first,
    parameters: part.parameters > 0 ? compact(part.parameters) : '',
    name: second === first ? '' : second,
    shape: formatShape(part.outputShape)
  }
}

/** The name of a part in the tree: what stands on it, in the same order, and what else can be seen. */
export function labelOf(
  part: OutlinePart,
  isOpen: boolean,
  counted: number | undefined,
  words: Words
): string {
  const { title, parameters, name, shape } = writingOf(part, words)
  const texts = part.join
    ? [words.architecture.joins[part.join], shape]
    : [title, isOpen ? '' : parameters, name, shape]
  const said = counted !== undefined && counted > 0 ? [words.architecture.counted(counted)] : []
  return [...texts.filter(text => text !== ''), ...said].join(', ')
}
