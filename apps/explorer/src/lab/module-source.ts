// Prepares a user's module for import from a blob: its imports of the library are pointed to the copy that is loaded here.
import { parse, type Program } from 'acorn'
import { LONGEST_FAULT } from './pasted-answer.js'

/** A fault in the user's code, in one sentence. */
export class CodeError extends Error {}

/**
 * Rewrites a module's imports.
 * @param libraryUrls where the library's parts are, by the names they are imported by.
 * @throws CodeError that says where the code is no JavaScript, or what else it wants to import.
 */
export function moduleSource(code: string, libraryUrls: ReadonlyMap<string, string>): string {
  let source = code
  // From the end, so that earlier offsets stay valid.
  const statements = parseModule(code).body.reverse()
  for (const statement of statements) {
    if (!('source' in statement) || !statement.source) continue
    const { start, end, value } = statement.source
    const url = libraryUrls.get(String(value))
    if (url === undefined) {
      throw new CodeError(
        `It imports '${String(value)}'; only ${[...libraryUrls.keys()].join(', ')} can be imported here.`
      )
    }
    source = `${source.slice(0, start)}${JSON.stringify(url)}${source.slice(end)}`
  }
  return source
}

function parseModule(code: string): Program {
  try {
    return parse(code, { ecmaVersion: 'latest', sourceType: 'module' })
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const [, message, line, column] = /^(.*) \((\d+):(\d+)\)$/.exec(cause.message) ?? []
    const where = line === undefined ? '' : `Line ${line}, column ${Number(column) + 1}: `
    throw new CodeError(`${where}${message ?? cause.message}.`, { cause })
  }
}

/** What user code threw, in words: it may be anything, even an object that throws when it is read. */
export function wordsForThrown(thrown: unknown): string {
  try {
    const said = thrown instanceof Error ? thrown.message || thrown.name : `It threw ${String(thrown)}.`
    return said.length > LONGEST_FAULT ? `${said.slice(0, LONGEST_FAULT)}…` : said
  } catch {
    return 'It threw something that cannot be shown.'
  }
}
