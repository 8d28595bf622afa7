// A network's outline as a tree that can be asked for its parts by name.
import type { OutlinePart } from 'resnet-ts/inspect'

/** The children of a part: those on its main path and those on bypasses, in order. */
export function childrenOf(part: OutlinePart): OutlinePart[] {
  return [...part.parts, ...part.detours.flatMap(detour => detour.parts)]
}

export function canOpen(part: OutlinePart): boolean {
  return part.parts.length > 0
}

/** Every part by name, and its parent. */
export interface PartTree {
  readonly root: OutlinePart
  readonly byId: ReadonlyMap<string, OutlinePart>
  readonly parents: ReadonlyMap<string, OutlinePart>
}

export function treeOf(root: OutlinePart): PartTree {
  const byId = new Map<string, OutlinePart>()
  const parents = new Map<string, OutlinePart>()
  const visit = (part: OutlinePart): void => {
    byId.set(part.id, part)
    for (const child of childrenOf(part)) {
      parents.set(child.id, part)
      visit(child)
    }
  }
  visit(root)
  return { root, byId, parents }
}

/** The ancestors of a part, outermost first, without the network itself. */
export function ancestorsOf({ parents, root }: PartTree, id: string): OutlinePart[] {
  const found: OutlinePart[] = []
  for (let part = parents.get(id); part && part !== root; part = parents.get(part.id)) found.unshift(part)
  return found
}

/** A part's own name, without those of the parts around it: `conv1` of `layer1.0.conv1`, `add` of `layer1.0/add`. */
export function ownName({ id }: OutlinePart): string {
  const [, op] = id.split('/')
  return op ?? id.split('.').at(-1) ?? id
}

/** How often a part repeats the same kind of part: 2 for a stage of two blocks; 0 where its parts differ. */
export function repeatsOf({ parts }: OutlinePart): number {
  const [first] = parts
  const isAlike =
    parts.length > 1 && parts.every(({ type, parts: inner }) => type === first.type && inner.length > 0)
  return isAlike ? parts.length : 0
}

/** The number of layers and ops on the longest path through a part. */
export function stepsThrough({ parts, role }: OutlinePart): number {
  if (parts.length === 0) return role === 'input' ? 0 : 1
  return parts.reduce((sum, part) => sum + stepsThrough(part), 0)
}
