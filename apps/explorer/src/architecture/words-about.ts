// What is said about a part: its label in the drawing, and sentences beside it.
import type { Shape } from 'resnet-ts'
import type { OutlineDetour, OutlinePart } from 'resnet-ts/inspect'
import type { Words } from '../words/words.js'
import { shortcutOf } from './drawing/measure.js'
import { ancestorsOf, canOpen, ownName, repeatsOf, type PartTree } from './drawing/tree.js'
import { compact, formatShape } from './format.js'

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

/** Sentences about a part: how it changes the shape, and what x does meanwhile. */
export function sentencesAbout(tree: PartTree, part: OutlinePart, { architecture }: Words): string[] {
  const words = architecture.happens
  const own = part.join
    ? [part.join === 'add' ? words.added : words.multiplied]
    : part.role === 'input'
      ? [words.begins]
      : shapeSentences(part.inputShapes.at(0), part.outputShape, words)
  const inside = shortcutOf(part)
  const around = detoursAround(tree, part)
  const side = (detour: OutlineDetour): string =>
    detour.parts.length === 0 ? words.alongside : words.alongsideThrough(detour.parts.map(ownName).join(', '))
  // A gate within a block says of its own x what the block says of another.
  return [...new Set([...own, ...(inside ? [side(inside)] : []), ...around.map(side)])]
}

function shapeSentences(
  before: Shape | undefined,
  after: Shape,
  words: Words['architecture']['happens']
): string[] {
  if (!before) return []
  if (before.join() === after.join()) return [words.same]
  const [from, to] = [before, after].map(shape => shape.slice(1).map(Number))
  if (from.length !== to.length) return [words.reshaped(from.join(' × '), to.join(' × '))]
  const sizes = [from, to].map(shape => shape.slice(1).join(' × '))
  return [
    ...(from[0] !== to[0] ? [words.channels(from[0], to[0])] : []),
    ...(sizes[0] !== sizes[1] ? [words.size(sizes[0], sizes[1])] : [])
  ]
}

/** The bypasses in use while data goes through a part. */
function detoursAround(tree: PartTree, part: OutlinePart): OutlineDetour[] {
  const chain = [...ancestorsOf(tree, part.id), part]
  return [tree.root, ...ancestorsOf(tree, part.id)].flatMap((outer, depth) => {
    const inner = chain[depth]
    const at = outer.parts.findIndex(({ id }) => id === inner.id)
    const place = (id: string | undefined): number => outer.parts.findIndex(each => each.id === id)
    const isHere = (id: string | undefined): boolean => id === undefined || place(id) >= 0
    return outer.detours.filter(({ from, to }) => {
      // x does not take a bypass between others, such as a gate's.
      if (!isHere(from) || !isHere(to)) return false
      const end = to === undefined ? outer.parts.length : place(to)
      return at >= 0 && place(from) < at && at < end
    })
  })
}
