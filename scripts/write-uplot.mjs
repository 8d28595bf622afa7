// Makes a module of uPlot's own files, which the pages of charts hold: bundlers and browsers read modules, not packages' files.
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
