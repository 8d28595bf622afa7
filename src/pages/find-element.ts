/** The first element that a selector names, which the page of a script always has. */
export function findElement<E extends Element>(
  holder: ParentNode,
  selector: string,
  kind: abstract new () => E
): E {
  const found = holder.querySelector(selector)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${selector}`)
}
