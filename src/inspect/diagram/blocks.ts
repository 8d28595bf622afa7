// Finds the residual blocks and stages of any network by its joins and the modules that compute them, not by their classes.
import type { Scope } from './call-tree.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'
import { branchesOf, consumersOf } from './regroup.js'

/** F(x) + x or F(x) · x, with what belongs to it. */
export interface Block {
  readonly join: DiagramNode
  /** Its boxes, in the order they are computed. */
  readonly members: readonly DiagramNode[]
  /** The call that is the block; none where a larger module's `forward` adds without a module of its own. */
  readonly scope: Scope | undefined
  /** Whether x itself is added: nothing is computed on the shortcut. */
  readonly isIdentity: boolean
}

/**
 * The blocks of a network in order: its sums, but for those that reach over other modules' sums, and the products that
 * are no part of a sum's branches.
 */
export function findBlocks(graph: DiagramGraph): Block[] {
  const branches = new Map<DiagramNode, Set<DiagramNode>>()
  for (const node of graph.nodes) if (node.join) branches.set(node, branchesOf(graph, node))
  const sums = [...branches.keys()].filter(node => isBlockOf('add', node, branches))
  const inSums = new Set(sums.flatMap(node => [...(branches.get(node) ?? [])]))
  const joins = [...branches.keys()].filter(
    node => sums.includes(node) || (!inSums.has(node) && isBlockOf('mul', node, branches))
  )
  // A sum inside another block's branches is part of that block.
  const outer = joins.filter(node => !joins.some(other => other !== node && branches.get(other)?.has(node)))
  const consumers = consumersOf(graph)
  return outer.map((join): Block => {
    const inner = join.scopes.at(-1)
    const isModule =
      inner?.parent !== undefined && outer.filter(each => each.scopes.at(-1) === inner).length === 1
    const isIdentity = join.join?.shortcut === join.join?.fork
    if (isModule) {
      return {
        join,
        scope: inner,
        isIdentity,
        members: graph.nodes.filter(({ scopes }) => scopes.includes(inner))
      }
    }
    const members = new Set(branches.get(join))
    const [next, ...others] = consumers.get(join) ?? []
    if (next?.role === 'activation' && others.length === 0) members.add(next)
    return { join, scope: undefined, isIdentity, members: graph.nodes.filter(node => members.has(node)) }
  })
}

/** Whether a join is one of its kind and holds no sums that other modules compute. */
function isBlockOf(
  op: 'add' | 'mul',
  node: DiagramNode,
  branches: ReadonlyMap<DiagramNode, ReadonlySet<DiagramNode>>
): boolean {
  if (node.join?.op !== op || node.join.inGate) return false
  return !Array.from(branches.get(node) ?? []).some(
    other =>
      other !== node &&
      other.join?.op === 'add' &&
      !other.join.inGate &&
      other.scopes.at(-1) !== node.scopes.at(-1)
  )
}

/** The modules that blocks stand in, in order; none where they stand in the network itself. */
export function findStages(blocks: readonly Block[]): Scope[] {
  const around = blocks.flatMap(({ scope, join }) => (scope ? scope.parent : join.scopes.at(-1)) ?? [])
  return [...new Set(around)].filter(({ parent }) => parent !== undefined)
}

/** What two blocks have in common that are built alike: class, layers and wiring, but not how many channels. */
export function kindOf(graph: DiagramGraph, { join, members, scope }: Block): string {
  const places = new Map(members.map((node, place) => [node, place]))
  const layers = members.map(node => {
    const from = (graph.sources.get(node) ?? []).map(source => places.get(source) ?? 'x')
    return `${node.title.replace(/,.*?(?=$|, \d+ groups)/, '')}(${from.join()})`
  })
  return [scope?.call.module.typeName ?? join.title, ...layers].join(' ')
}
