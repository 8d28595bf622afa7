// The style sheet of a diagram's page.
import type { Theme } from './diagram-choices.js'
import { groundOf } from './theme.js'

const LIGHT = `color-scheme: light; --ground: ${groundOf('light')}; --raised: #f5f6f8; --text: #1b1f24; --muted: #4f5966; --edge: #d5dae0;`
const DARK = `color-scheme: dark; --ground: ${groundOf('dark')}; --raised: #20252b; --text: #e9ecef; --muted: #aab4bf; --edge: #3a424b;`

/** Stands inside the page's style element. */
export function diagramPageStyle(theme: Theme): string {
  const dark = theme === 'auto' ? `@media (prefers-color-scheme: dark) { :root { ${DARK} } }` : ''
  return `
:root { ${theme === 'dark' ? DARK : LIGHT} }
${dark}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; background: var(--ground); color: var(--text); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1.5rem; padding: .7rem 1.2rem; border-bottom: 1px solid var(--edge); }
h1 { margin: 0; font-size: 1.15rem; overflow-wrap: anywhere; }
header p { margin: 0; color: var(--muted); font-size: .88rem; }
code { font: .95em ui-monospace, Menlo, Consolas, monospace; white-space: nowrap; }
nav { margin-left: auto; display: flex; gap: .3rem; }
nav[hidden], aside[hidden] { display: none; }
button { padding: .2rem .7rem; font: inherit; font-size: .85rem; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 5px; cursor: pointer; }
main { flex: 1; min-height: 0; overflow: auto; padding: .5rem; outline-offset: -3px; }
main svg { display: block; margin: 0 auto; max-width: none; }
main.zooms { cursor: grab; }
main.moves { cursor: grabbing; user-select: none; }
.box { cursor: default; }
.box.shown > rect, .box.shown > circle { stroke-width: 3; }
.box:focus { outline: none; }
.box:focus > rect, .box:focus > circle { stroke-width: 3; }
aside { position: fixed; z-index: 1; max-width: 30rem; padding: .55rem .8rem; background: var(--raised); border: 1px solid var(--edge); border-radius: 6px; box-shadow: 0 3px 12px rgb(0 0 0 / .25); font-size: .85rem; pointer-events: none; overflow-wrap: anywhere; }
aside div:first-child { font-weight: 600; }
@media print { nav, aside { display: none; } main { overflow: visible; } main svg { max-width: 100%; height: auto; } }
`
}
