// The names of classes in a file: a line each, a JSON list, or JSON by number as the hub's `id2label`, Keras's class index, and
// torchvision's `class_to_idx` the other way round.
import { Fault, naming, PathError } from '../../base/errors.js'
import { counted } from '../../base/figures.js'
import { list, mismatch, propertiesOf, readJson, SchemaError, text, type Reader } from '../../base/schema.js'
import { readFile } from '#platform'

/** No list of classes is as long. */
const MAX_BYTES = 2 ** 24

class LabelsError extends PathError {}

/**
 * Reads a name for each output of a network.
 * @throws LabelsError when the file is no list of names, or of another number of them.
 */
export async function readLabels(path: string, outputs: number): Promise<string[]> {
  return naming(path, LabelsError, async () => {
    const bytes = await readFile(path, { maxBytes: MAX_BYTES })
    const labels = labelsIn(textOf(bytes), path)
    // A single output tells two classes apart.
    if (labels.length === outputs || (outputs === 1 && labels.length === 2)) return labels
    throw new Fault(`names ${counted(labels.length, 'class', 'classes')}, but the network has ${outputs}`)
  })
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('is no text in UTF-8', { cause })
  }
}

function labelsIn(text: string, path: string): string[] {
  if (/\.json$/i.test(path)) return labelsInJson(text)
  const lines = text.split(/\r?\n/)
  while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop()
  const empty = lines.findIndex(line => line.trim() === '')
  if (empty >= 0) throw new Fault(`line ${empty + 1} is empty; expected the name of a class on each`)
  return lines.map(line => line.trim())
}

function labelsInJson(json: string): string[] {
  try {
    return readJson(json, 'labels', readNames)
  } catch (error) {
    throw error instanceof SchemaError ? new Fault(error.message, { cause: error }) : error
  }
}

const name = text(4096)
const readList = list(name, 0, 2 ** 20)

const readNames: Reader<string[]> = (value, path) => {
  if (Array.isArray(value)) return readList(value, path)
  if (typeof value !== 'object' || value === null) {
    throw mismatch(path, 'a list of names, or names by number', value)
  }
  const entries = propertiesOf(value, path)
  const hubs = entries.get('id2label')
  if (typeof hubs === 'object') return readNames(hubs, `${path}.id2label`)
  const found = [...entries]
  if (found.length > 0 && found.every(([, each]) => typeof each === 'number'))
    return readList(byNumber(entries, path), path)
  const wrong = found.find(([key], i) => key !== String(i))
  if (wrong) throw mismatch(path, 'the numbers of all classes from 0 on', wrong[0])
  return readList(
    found.map(([, each]) => nameIn(each)),
    path
  )
}

/** Keras has WordNet's number before each name. */
function nameIn(value: unknown): unknown {
  return Array.isArray(value) && value.length === 2 ? value[1] : value
}

/** Numbers by name. */
function byNumber(numbers: ReadonlyMap<string, unknown>, path: string): string[] {
  const names = new Map(Array.from(numbers, ([key, number]) => [number, key]))
  return Array.from({ length: numbers.size }, (_, number) => {
    const found = names.get(number)
    if (found !== undefined) return found
    throw new SchemaError(
      path,
      `expected a name for each number from 0 to ${numbers.size - 1}, got none for ${number}`
    )
  })
}
