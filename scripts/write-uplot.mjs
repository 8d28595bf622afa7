// Turns uPlot's script and style into a module, because bundlers and browsers cannot read them as text.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const FILES = {
  SCRIPT: 'dist/uPlot.iife.min.js',
  STYLE: 'dist/uPlot.min.css',
  LICENCE: 'LICENSE'
}

/** Writes `explain/page/uplot-text.js` into a built folder. */
export function writeUplot(root, built) {
  const texts = Object.entries(FILES).map(([name, file]) => [
    name,
    readFileSync(join(root, 'node_modules/uplot', file), 'utf8')
  ])
  const { LICENCE } = Object.fromEntries(texts)
  const path = join(built, 'explain/page/uplot-text.js')
  mkdirSync(dirname(path), { recursive: true })
  const constants = texts.map(([name, text]) => `export const ${name} = ${JSON.stringify(text)}\n`)
  writeFileSync(path, `/*! uPlot\n${LICENCE.trim()}\n*/\n${constants.join('')}`)
}
