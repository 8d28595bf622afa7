// The base of every layer and network. Parameters, buffers and modules are registered by assignment to a field, in order
// of assignment (torch: `nn.Module`).
import { ResnetError } from '../../base/errors.js'
import { aBoolean, aFunction, checkArguments, checkOptions, oneOf } from '../../base/options.js'
import type { Value } from '../../ir/ops.js'
import { aStateDict, type StateDict } from '../../tensor/state-dict.js'
import { toFloat32 } from '../../tensor/convert.js'
import type { Tensor } from '../../tensor/tensor.js'
import { Callable, isInstance, MAX_DEPTH, TOO_DEEP } from './call.js'
import { ModuleBuffer, Parameter } from './parameter.js'
import { assertAllRegistered } from './registered.js'
import { repr, REPR_STYLES, type ReprStyle } from './repr.js'
import { forgottenPrefixes, isClean, matchStateDict, StateDictError, type LoadReport } from './state-dict.js'

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Throw unless every key and shape matches; default true. With false, load what fits and return the rest. */
  readonly strict?: boolean
}

/**
 * A layer or a network. An instance is called like a function, `conv(x)`; subclasses implement `forward`.
 *
 * @throws ResnetError, when printed, traced or saved, if it uses modules, parameters or buffers that are not its fields.
 * @example
 * class Tiny extends Module {
 *   conv = new Conv2d(3, 16, 3, { padding: 1 })
 *   forward(x: Value) { return add(relu(this.conv(x)), 1) }
 * }
 */
export abstract class Module extends Callable {
  /** Whether the module is in training mode; see `train` and `eval`. */
  training = true

  /** Builds the graph of the output from the input. Call the module, not this: tracing sees only calls. */
  abstract forward(x: Value): Value

  /** The class name that `print` shows. Override this if a minifier renames your classes. */
  get typeName(): string {
    return this.constructor.name
  }

  /** The text between the parentheses when the module is printed. */
  extraRepr(_style: ReprStyle): string {
    return ''
  }

  /** Candidates for parameters, buffers and modules, by name: the fields. */
  namedFields(): (readonly [string, unknown])[] {
    return Object.entries(this)
  }

  /** Keys that a state dict may have and that are not loaded. */
  get ignoredKeys(): readonly string[] {
    return []
  }

  /** Direct submodules with their names, in registration order. */
  *namedChildren(): Generator<readonly [string, Module]> {
    for (const [name, field] of this.namedFields()) if (field instanceof Module) yield [name, field]
  }

  /** Direct submodules, in registration order. */
  *children(): Generator<Module> {
    for (const [, child] of this.namedChildren()) yield child
  }

  /** This module (named `''`) and all descendants, each once, parents first. */
  *namedModules(prefix = '', seen = new Set<Module>()): Generator<readonly [string, Module]> {
    // Without recursion, which would take the stack and, for a generator, quadratic time.
    const waiting: Place[] = [{ path: prefix, module: this, depth: 0, within: undefined }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { path, module, depth } = next
      if (seen.has(module)) {
        assertNoCycle(next)
        continue
      }
      if (!isInstance(module)) {
        throw new ResnetError(
          `${path || 'Proxy'}: expected a module, got a Proxy of one; use the module itself`
        )
      }
      if (depth > MAX_DEPTH) throw new ResnetError(`${this.typeName}: ${TOO_DEEP}`)
      seen.add(module)
      yield [path, module]
      for (const [name, child] of [...module.namedChildren()].reverse()) {
        waiting.push({ path: memberPath(module, path, name), module: child, depth: depth + 1, within: next })
      }
    }
  }

  /** This module and all descendants. */
  *modules(): Generator<Module> {
    for (const [, module] of this.namedModules()) yield module
  }

  /** All parameters with their dotted names, each once. */
  *namedParameters(): Generator<readonly [string, Parameter]> {
    assertAllRegistered(this)
    yield* namedMembers(this, Parameter)
  }

  /** All parameters. */
  *parameters(): Generator<Parameter> {
    for (const [, parameter] of this.namedParameters()) yield parameter
  }

  /** All buffers with their dotted names, each once. */
  *namedBuffers(): Generator<readonly [string, ModuleBuffer]> {
    assertAllRegistered(this)
    yield* namedMembers(this, ModuleBuffer)
  }

  /** Parameters and buffers by name, in torch's order: a module's own parameters, its buffers, then its children. */
  *#namedState(prefix = ''): Generator<readonly [string, Parameter | ModuleBuffer]> {
    const fields = this.namedFields()
    for (const kind of [Parameter, ModuleBuffer]) {
      for (const [name, field] of fields)
        if (field instanceof kind) yield [memberPath(this, prefix, name), field]
    }
    for (const [name, child] of this.namedChildren()) {
      yield* child.#namedState(memberPath(this, prefix, name))
    }
  }

  /** The values of all parameters and buffers by name (torch: `state_dict`). The tensors are shared, not copied. */
  stateDict(): StateDict {
    assertAllRegistered(this)
    return new Map(Array.from(this.#namedState(), ([name, holder]): [string, Tensor] => [name, holder.data]))
  }

  /**
   * Loads a state dict (torch: `load_state_dict`). Half-precision values are widened to float32.
   * PyTorch difference: float32 tensors are shared, not copied, and with `strict: false` a wrong shape is reported
   * instead of thrown.
   * @throws StateDictError listing every missing key, unexpected key and wrong shape; then nothing is loaded.
   */
  loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    checkArguments('loadStateDict', { stateDict }, { stateDict: aStateDict })
    const { strict = true } = checkOptions('loadStateDict', options, { strict: aBoolean })
    assertAllRegistered(this)
    const holders = new Map(this.#namedState())
    const report = matchStateDict(holders, this.#withoutIgnored(stateDict))
    if (strict && !isClean(report)) {
      throw new StateDictError(this.typeName, report, forgottenPrefixes(holders.keys(), stateDict))
    }
    const wrong = new Set(report.mismatched.map(({ key }) => key))
    for (const [name, holder] of holders) {
      const found = stateDict.get(name)
      if (!found || wrong.has(name)) continue
      if (holder instanceof Parameter) holder.data = toFloat32(found)
      else holder.data = holder.dtype === 'float32' ? toFloat32(found) : found
    }
    return report
  }

  #withoutIgnored(stateDict: StateDict): StateDict {
    const ignored = [...this.namedModules()].flatMap(([path, { ignoredKeys }]) =>
      ignoredKeys.map(key => join(path, key))
    )
    const loaded = new Map(stateDict)
    for (const key of ignored) loaded.delete(key)
    return loaded
  }

  /** Sets training mode, recursively: dropout drops, batch normalisation uses the batch (torch: `train`). */
  train(mode = true): this {
    checkArguments('train', { mode }, { mode: aBoolean })
    for (const [path, module] of this.namedModules()) {
      if (module.training === mode) continue
      if (Object.isFrozen(module)) {
        throw new ResnetError(
          `${path || this.typeName}: Object.freeze keeps it from changing its mode; freeze parameters with requiresGrad(false)`
        )
      }
      module.training = mode
    }
    return this
  }

  /** Sets evaluation mode, recursively (torch: `eval`). */
  eval(): this {
    return this.train(false)
  }

  /** Freezes (`false`) or unfreezes every parameter (torch: `requires_grad_`). */
  requiresGrad(required = true): this {
    checkArguments('requiresGrad', { required }, { required: aBoolean })
    for (const parameter of this.parameters()) parameter.requiresGrad = required
    return this
  }

  /** Calls a function on every module, children first (torch: `apply`). */
  override apply(visit: (module: Module) => void): this {
    checkArguments('apply', { visit }, { visit: aFunction() })
    for (const child of this.children()) child.apply(visit)
    visit(this)
    return this
  }

  /** The text that PyTorch prints for this module, character for character. */
  override toString(options: { readonly style?: ReprStyle } = {}): string {
    const { style = 'torch' } = checkOptions('toString', options, { style: oneOf(...REPR_STYLES) })
    assertAllRegistered(this)
    return repr(this, style)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * Parameters, then buffers, under the first name of each. Without the check that all are registered, which a traced or
 * loaded network has passed.
 */
export function namedHolders(module: Module): (readonly [name: string, holder: Parameter | ModuleBuffer])[] {
  return [...namedMembers(module, Parameter), ...namedMembers(module, ModuleBuffer)]
}

/** The members of one kind that a module and its descendants have, each once; unchecked, as `namedHolders`. */
export function* namedMembers<M extends object>(
  root: Module,
  kind: abstract new (...from: never) => M
): Generator<readonly [string, M]> {
  const seen = new Set<M>()
  for (const [prefix, module] of root.namedModules()) {
    for (const [name, field] of module.namedFields()) {
      if (!(field instanceof kind) || seen.has(field)) continue
      seen.add(field)
      yield [memberPath(module, prefix, name), field]
    }
  }
}

/** A module's place in the walk over a network. */
interface Place {
  readonly path: string
  readonly module: Module
  readonly depth: number
  readonly within: Place | undefined
}

/** A module that contains itself has no end when it is printed or asked for its state. */
function assertNoCycle({ path, module, within }: Place): void {
  for (let outer = within; outer; outer = outer.within) {
    if (outer.module !== module) continue
    throw new ResnetError(
      `${path}: a module cannot contain itself; keep a reference to its parent in a #private field`
    )
  }
}

/** The path of a member, which no other can have: the name of its field has no dot, as in torch. */
function memberPath(owner: Module, prefix: string, name: string): string {
  if (name !== '' && !name.includes('.')) return join(prefix, name)
  throw new ResnetError(
    `${prefix || owner.typeName}: the field '${name}' cannot hold a module, parameter or buffer: expected a name that is not empty and has no dot, since dots separate names in state dicts`
  )
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`
}
