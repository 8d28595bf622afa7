// Keyboard navigation after the WAI-ARIA tree pattern: up and down move, right unfolds or enters, left folds or leaves.
import type { Layout, PlacedPart } from './layout.js'
import type { PartTree } from './tree.js'
import { canOpen } from './tree.js'

/** What keys can do. */
export interface TreeActions {
  move(id: string): void
  toggle(id: string): void
  zoom(factor: number): void
  fit(): void
}

/** Handles a key; returns whether it has a meaning. */
export function handleTreeKey(
  key: string,
  id: string,
  { parts }: Layout,
  { parents, root }: PartTree,
  { move, toggle, zoom, fit }: TreeActions
): boolean {
  const at = parts.findIndex(({ part }) => part.id === id)
  const placed = parts.at(at)
  if (at < 0 || !placed) return false
  const goTo = (target: PlacedPart | undefined): void => {
    if (target) move(target.part.id)
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => goTo(parts[at + 1]),
    ArrowUp: () => goTo(parts[at - 1]),
    Home: () => goTo(parts[0]),
    End: () => goTo(parts[parts.length - 1]),
    ArrowRight() {
      if (placed.isOpen) goTo(parts[at + 1])
      else if (canOpen(placed.part)) toggle(id)
    },
    ArrowLeft() {
      const parent = parents.get(id)
      if (placed.isOpen) toggle(id)
      else if (parent && parent !== root) move(parent.id)
    },
    Enter: () => toggle(id),
    ' ': () => toggle(id),
    '+': () => zoom(1.25),
    '=': () => zoom(1.25),
    '-': () => zoom(0.8),
    '0': fit
  }
  const action = Object.hasOwn(keys, key) ? keys[key] : undefined
  action?.()
  return action !== undefined
}
