// Gives every class of the built library its name as a field: printing a network and reading an error's name depend on
// it, and the minifiers that pages are built with rename classes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CLASS = /^((?:export )?class (\w+)\b[^\n]*\{)$/gm

/** Rewrites the scripts of a built folder. */
export function nameClasses(built) {
  for (const entry of readdirSync(built, { recursive: true })) {
    if (!entry.endsWith('.js')) continue
    const path = join(built, entry)
    const text = readFileSync(path, 'utf8')
    const named = text.replace(CLASS, "$1\n    static name = '$2';")
    if (named !== text) writeFileSync(path, named)
  }
}
