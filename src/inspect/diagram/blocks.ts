// Finds residual blocks and stages by joins, independent of their classes.
import type { ModuleCall } from '../../nn/trace/trace.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'
import { branchesOf, consumersOf } from './regroup.js'

/** A block: F(x) + x or F(x) · x. */
export interface Block {
  readonly join: DiagramNode
  /** Its boxes, in execution order. */
  readonly members: readonly DiagramNode[]
  /** The block's call; undefined where a larger module's `forward` computes the sum. */
  readonly scope: ModuleCall | undefined
  readonly isIdentity: boolean
}

/** A network's blocks in order: sums that do not enclose other modules' sums, and products outside sums' branches. */
export function findBlocks(graph: DiagramGraph): Block[] {
  const joined = graph.nodes.filter(({ join }) => join)
  const branches = new Map(joined.map(node => [node, branchesOf(graph, node)]))
  // Of this kind, without other modules' sums in it.
  const isBlockOf = (op: 'add' | 'mul', node: DiagramNode): boolean => {
    if (node.join?.op !== op || node.join.inGate) return false
    const inner = [...(branches.get(node) ?? [])].filter(({ join }) => join?.op === 'add' && !join.inGate)
    return inner.every(sum => sum === node || sum.scopes.at(-1) === node.scopes.at(-1))
  }
  const sums = joined.filter(node => isBlockOf('add', node))
  const inSums = new Set(sums.flatMap(node => [...(branches.get(node) ?? [])]))
  const joins = joined.filter(node => sums.includes(node) || (!inSums.has(node) && isBlockOf('mul', node)))
  // A sum inside another block's branches belongs to that block.
  const outer = joins.filter(node => !joins.some(other => other !== node && branches.get(other)?.has(node)))
  const consumers = consumersOf(graph)
  return outer.map((join): Block => {
    const inner = join.scopes.at(-1)
    const isModule = join.scopes.length > 1 && outer.filter(each => each.scopes.at(-1) === inner).length === 1
    const members = new Set(branches.get(join))
    const [next, ...others] = consumers.get(join) ?? []
    if (next?.role === 'activation' && others.length === 0) members.add(next)
    const isMember = (node: DiagramNode): boolean =>
      isModule && inner ? node.scopes.includes(inner) : members.has(node)
    return {
      join,
      scope: isModule ? inner : undefined,
      isIdentity: join.join?.shortcut === join.join?.fork,
      members: graph.nodes.filter(isMember)
    }
  })
}

/** The modules that contain blocks, in order, without the network itself. */
export function findStages(blocks: readonly Block[]): ModuleCall[] {
  return [...new Set(blocks.flatMap(({ scope, join }) => join.scopes.slice(1).at(scope ? -2 : -1) ?? []))]
}

/** A key equal for blocks of the same class, layers and wiring, whatever their channels. */
export function kindOf(graph: DiagramGraph, { join, members, scope }: Block): string {
  const places = new Map(members.map((node, place) => [node, place]))
  const layers = members.map(node => {
    const from = (graph.sources.get(node) ?? []).map(source => places.get(source) ?? 'x')
    return `${node.title.replace(/,.*?(?=$|, \d+ groups)/, '')}(${from.join()})`
  })
  return [scope?.module.typeName ?? join.title, ...layers].join(' ')
}
