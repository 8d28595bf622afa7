// What a file holds that has no state dict, and what makes one of it.
import { Fault } from '../../base/errors.js'
import { counted } from '../../base/figures.js'
import { quote } from '../../base/words.js'
import { describe, Opaque, Tuple } from '../pickle/pickle-values.js'
import { PickledTensor } from '../pickle/pickled-tensor.js'

/** What makes a state dict of a whole model. Python runs what such a file says, so that trust comes first. */
export function ofWholeModel(keys: readonly string[] = []): string {
  const loaded = `torch.load('FILE', weights_only=False)${keys.map(key => `[${key}]`).join('')}`
  return `run torch.save(${loaded}.state_dict(), 'weights.pth') in Python and give weights.pth instead, but only if you trust this file, whose code that runs`
}

/** Objects that training scripts put beside a model. */
const NO_MODEL =
  /^(argparse|builtins|__builtin__|collections|datetime|decimal|enum|numpy|omegaconf|pathlib|random|re|torch\.(_C|_utils|amp|cuda|device|optim|storage|\w+Storage)|uuid)\b/

/** A whole model in a file, which its class tells as far as a name can. */
export interface WholeModel {
  /** Its keys, as Python writes them. */
  readonly keys: readonly string[]
  readonly name: string
}

const DEPTH = 3
const MOST_ITEMS = 64

/** Keys under which people keep one; a list has none. */
const MODEL_KEY = /model|module|net|ema|learner|encoder|backbone|trunk|teacher|student|state_dict|^\d+$/i

/** The whole model that a file is, or the first in its dicts, lists and tuples. */
export function findWholeModel(root: unknown): WholeModel | undefined {
  if (root instanceof Opaque) return { keys: [], name: root.name }
  const seen = new Set<unknown>()
  const visit = (container: unknown, keys: readonly string[]): WholeModel | undefined => {
    if (seen.has(container) || keys.length === DEPTH) return undefined
    seen.add(container)
    let items = 0
    for (const [key, value] of entriesOf(container)) {
      if (items++ === MOST_ITEMS) return undefined
      if (typeof key !== 'string' && typeof key !== 'number') continue
      const path = [...keys, typeof key === 'string' ? pythonText(key) : String(key)]
      const isModel = value instanceof Opaque && MODEL_KEY.test(String(key)) && !NO_MODEL.test(value.name)
      const found = isModel ? { keys: path, name: value.name } : visit(value, path)
      if (found) return found
    }
    return undefined
  }
  return visit(root, [])
}

function entriesOf(value: unknown): Iterable<readonly [key: unknown, value: unknown]> {
  if (value instanceof Map) return value as ReadonlyMap<unknown, unknown>
  return isSequence(value) ? itemsOf(value).entries() : []
}

/** @throws Fault that says how to make a state dict of the model. */
export function refuseWholeModel({ keys, name }: WholeModel): never {
  const what = keys.length === 0 ? 'it holds' : `its entry ${keys.join(', ')} is`
  throw new Fault(
    `${ofWholeModel(keys)}: ${what} an object of ${quote(name)} where a state dict was expected`
  )
}

/** @throws Fault that names what a file without any dict of tensors is, where that is known. */
export function refuseWithoutWeights(root: unknown): void {
  const model = findWholeModel(root)
  if (model) refuseWholeModel(model)
  if (root instanceof Map) {
    if (isOptimizer(root)) throw new Fault("holds an optimiser's state, without the network's weights")
    for (const [key, value] of root as ReadonlyMap<unknown, unknown>) {
      if (typeof key !== 'string' || !isOptimizer(value)) continue
      throw new Fault(
        `holds an optimiser's state as its entry ${quote(key)}, without the network's weights: save net.state_dict() beside it`
      )
    }
    return
  }
  const tensors = isSequence(root) ? itemsOf(root).filter(item => item instanceof PickledTensor).length : 0
  const nameless = `: it has ${counted(tensors, 'tensor', 'tensors')} without names; save net.state_dict() instead`
  throw new Fault(`holds ${describe(root)} where a state dict was expected${tensors > 0 ? nameless : ''}`)
}

function isOptimizer(value: unknown): boolean {
  return value instanceof Map && value.has('param_groups') && value.has('state')
}

function isSequence(value: unknown): value is Tuple | readonly unknown[] {
  return value instanceof Tuple || Array.isArray(value)
}

function itemsOf(sequence: Tuple | readonly unknown[]): readonly unknown[] {
  return sequence instanceof Tuple ? sequence.items : sequence
}

/** A key as a literal of Python, for one that is plain; an index as it is. */
export function pythonText(key: string): string {
  if (/^\d+$/.test(key)) return key
  return /^[\w .-]{1,40}$/.test(key) ? `'${key}'` : quote(key)
}
