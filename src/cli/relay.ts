// A user's file extends the classes of the `resnet-ts` copy it imports, not those bundled into this command. Commands on
// such a file are therefore run by the copy that it imports.
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { PathError } from '../base/errors.js'
import { isScript } from '../networks/opening.js'

const PACKAGE = 'resnet-ts'

/** Whatever a command line names that may be a user's file. */
export function scriptsIn(words: readonly string[]): string[] {
  return words.map(word => word.replace(/^--model=/, '')).filter(isScript)
}

/** The file that a command line names as its model. @param program makes a parser: parsing leaves values in it. */
export function scriptIn(program: () => Command, words: readonly string[]): string | undefined {
  // Most command lines name no script at all.
  if (scriptsIn(words).length === 0) return undefined
  const [name, ...args] = words
  const command = program().commands.find(each => each.name() === name)
  if (!command) return undefined
  try {
    const { operands } = command.parseOptions([...args])
    const takesModels = command.registeredArguments[0]?.name().startsWith('model')
    const { model } = command.opts<{ readonly model?: string }>()
    return [model, ...(takesModels ? operands : [])].find(each => each !== undefined && isScript(each))
  } catch {
    // What is wrong with the options is said when the command runs.
    return undefined
  }
}

/**
 * The command line of the package that a user's file imports; undefined if it is this one or the file does not exist.
 * @throws PathError when the package is not installed there, or another version lacks a command line.
 */
export async function commandFor(script: string): Promise<string | undefined> {
  const file = resolve(script)
  if (!(await exists(file))) return undefined
  const library = libraryFor(script, file)
  const [found, own] = await Promise.all([
    import(library) as Promise<object>,
    import('../nn/module/module.js')
  ])
  if ('Module' in found && found.Module === own.Module) return undefined
  // Its unbundled command line.
  const command = new URL('./command/main.js', library)
  if (await exists(fileURLToPath(command))) return command.href
  throw new PathError(script, `it imports another version of ${PACKAGE}, which cannot open files: update it`)
}

function libraryFor(script: string, file: string): string {
  try {
    return pathToFileURL(createRequire(file).resolve(PACKAGE)).href
  } catch (cause) {
    const fault = `${PACKAGE} is not installed where this file is: run npm install ${PACKAGE} there`
    throw new PathError(script, fault, { cause })
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isFile(),
    () => false
  )
}
