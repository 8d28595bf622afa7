// Text on its way into a page.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** A text as it stands between tags or inside a quoted attribute: whatever it says, it stays text. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character])
}

/** Sentences: a figure and its per cent sign stay on one line. */
export function escapeProse(text: string): string {
  return escapeHtml(text).replaceAll(/(\d) %/g, '$1&nbsp;%')
}
