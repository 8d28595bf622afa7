// Lists in messages, which may be long.

/** The first of many items, and how many more there are. */
export function abridge(items: readonly string[], shown: number): string {
  const rest = items.length - shown
  return `${items.slice(0, shown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
