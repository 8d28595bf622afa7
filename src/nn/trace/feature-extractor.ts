// Intermediate features of a network (torchvision: `create_feature_extractor`). The network's own `forward` runs until the
// last feature is computed; later layers do not run and need not fit the input.
import { aNetwork } from '../module/check-network.js'
import type { Value } from '../../ir/ops.js'
import { ResnetError } from '../../base/errors.js'
import { checkArguments, instanceOf, anObject } from '../../base/options.js'
import { observeCalls, type Callee } from '../module/call.js'
import { Module } from '../module/module.js'
import { CallNames, findNamed, missingCall } from './output-names.js'

const ASKER = 'createFeatureExtractor'

/**
 * A network that returns intermediate results, by name, instead of its output. It has the network's modules and parameters
 * under the network's names, so training one trains the other.
 *
 * Run it alone with `compile`, which returns all features, or use it in another module, whose `forward` calls `features`.
 */
export class FeatureExtractor<Name extends string = string> extends Module {
  readonly #net: Module
  readonly #nodes: readonly string[]
  /** The features' names, in the order requested. */
  readonly names: readonly Name[]

  /**
   * @param nodes modules' paths, each with the name of its result.
   * @throws OutputError for an unknown module name, with the nearest names.
   * @throws ResnetError when there are no names, or two features have the same name.
   */
  constructor(net: Module, nodes: readonly (readonly [node: string, name: Name])[]) {
    super()
    checkArguments(ASKER, { net }, { net: instanceOf(Module) })
    this.#net = net
    this.#nodes = nodes.map(([node]) => node)
    this.names = nodes.map(([, name]) => name)
    if (nodes.length === 0) throw new ResnetError(`${ASKER}: name at least one module`)
    const twice = this.names.find((name, i) => this.names.indexOf(name) !== i)
    if (twice !== undefined) throw new ResnetError(`${ASKER}: two features are called '${twice}'`)
    for (const node of this.#nodes) findNamed(net, node, ASKER)
    // The network is not one of its own modules, so its mode has to be forwarded.
    Object.defineProperty(this, 'training', {
      get: () => net.training,
      set: (training: boolean) => (net.training = training)
    })
  }

  override namedFields(): (readonly [string, unknown])[] {
    return this.#net.namedFields()
  }

  override *namedChildren(): Generator<readonly [string, Module]> {
    yield* this.#net.namedChildren()
  }

  override extraRepr(): string {
    return this.#nodes.map((node, i) => `${node}='${this.names[i]}'`).join(', ')
  }

  /**
   * The values of all features, for use in a `forward`.
   * @throws OutputError for a module that the network never calls.
   */
  features(x: Value): Readonly<Record<Name, Value>> {
    const net = this.#net
    const paths = new Map<Callee, string>(Array.from(net.namedModules(), ([path, module]) => [module, path]))
    const names = new CallNames(paths.values())
    const wanted = new Set(this.#nodes)
    const called: { readonly path: string; readonly name: string }[] = []
    const found = new Map<string, Value>()
    // One object per pass, because extractors can be nested.
    const enough = new Error('every feature is found')
    const note = (callee: Callee, _: Value, proceed: () => Value): Value => {
      const path = paths.get(callee)
      if (path === undefined) return proceed()
      const name = names.next(path)
      called.push({ path, name })
      const result = proceed()
      if (wanted.has(name)) found.set(name, result)
      if (found.size === wanted.size) throw enough
      return result
    }
    try {
      observeCalls(note, () => net(x))
    } catch (error) {
      if (error !== enough) throw error
    }
    const features = this.#nodes.map((node, i) => {
      const value = found.get(node)
      if (value) return [this.names[i], value]
      throw missingCall(net, node, called, ASKER)
    })
    return Object.fromEntries(features) as Record<Name, Value>
  }

  /** The last feature alone: a truncated network, for use in a `Sequential`. */
  forward(x: Value): Value {
    return this.features(x)[this.names[this.names.length - 1]]
  }
}

const NODES = anObject('an array of names, or an object from names to names of results')

/**
 * Makes a network return intermediate results (torchvision: `create_feature_extractor`).
 *
 * Modules are named by their paths, `layer2` or `layer2.1.bn2`. One that runs several times gives its first result
 * under its plain name and the others as `layer1.0.relu_1`, …, as in torchvision. PyTorch difference: this holds for
 * containers too, results of functions (`add`, `flatten`) have no names, and unused layers stay in the state dict.
 *
 * @param nodes paths, or an object from paths to result names.
 * @throws OutputError for an unknown module name, with the nearest names.
 * @example
 * const extract = createFeatureExtractor(resnet18(), { layer2: 'half', layer4: 'deep' })
 * const run = await compile(extract, { input: ['N', 3, 224, 224] })
 * const { half, deep } = await run(rand([1, 3, 224, 224]))
 * half.shape // [1, 128, 28, 28]
 */
export function createFeatureExtractor<const Names extends readonly string[]>(
  net: Module,
  nodes: Names
): FeatureExtractor<Names[number]>
export function createFeatureExtractor<const Nodes extends Readonly<Record<string, string>>>(
  net: Module,
  nodes: Nodes
): FeatureExtractor<Nodes[keyof Nodes]>
export function createFeatureExtractor(
  net: Module,
  nodes: readonly string[] | Readonly<Record<string, string>>
): FeatureExtractor {
  checkArguments('createFeatureExtractor', { net, nodes }, { net: aNetwork, nodes: NODES })
  const isList = Array.isArray(nodes)
  const pairs = Object.entries<string>(nodes).map(([key, name]) => [isList ? name : key, name] as const)
  return new FeatureExtractor(net, pairs)
}
