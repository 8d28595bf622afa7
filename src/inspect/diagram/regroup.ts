// Merges boxes, or cuts out a part of a drawing.
import type { Value } from '../../ir/ops.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'

export function consumersOf({ nodes, sources }: DiagramGraph): Map<DiagramNode, DiagramNode[]> {
  const consumers = new Map<DiagramNode, DiagramNode[]>(nodes.map(node => [node, []]))
  for (const [node, from] of sources) for (const source of from) consumers.get(source)?.push(node)
  return consumers
}

/** The boxes merged into one, or itself. */
export function membersOf(node: DiagramNode): readonly DiagramNode[] {
  const { merged = [] } = node
  return merged.length > 0 ? merged : [node]
}

/** Merges groups of boxes; groups have to be convex (no path leaves and re-enters). */
export function contract(
  { nodes, sources }: DiagramGraph,
  groups: Iterable<readonly [readonly DiagramNode[], DiagramNode]>
): DiagramGraph {
  const whole = new Map<DiagramNode, DiagramNode>()
  const last = new Map<DiagramNode, DiagramNode>()
  for (const [members, node] of groups) {
    for (const member of members) whole.set(member, node)
    last.set(node, members[members.length - 1])
  }
  // At the place of the last member, after all inputs.
  const kept = nodes.flatMap(node => {
    const group = whole.get(node)
    return group === undefined ? [node] : last.get(group) === node ? [group] : []
  })
  const found = new Map(kept.map(node => [node, new Set<DiagramNode>()]))
  for (const [node, from] of sources) {
    const target = whole.get(node) ?? node
    for (const each of from) {
      const source = whole.get(each) ?? each
      if (source !== target) found.get(target)?.add(source)
    }
  }
  return { nodes: kept, sources: new Map(Array.from(found, ([node, from]) => [node, [...from]])) }
}

/** Merges boxes: numbers add up, other fields are the first's. */
export function together(members: readonly DiagramNode[], changes: Partial<DiagramNode> = {}): DiagramNode {
  const [first] = members
  const last = members[members.length - 1]
  const sum = (number: (node: DiagramNode) => number): number =>
    members.reduce((total, node) => total + number(node), 0)
  return {
    ...first,
    shape: last.shape,
    parameters: sum(node => node.parameters),
    reuses: members.some(node => node.reuses),
    multiplyAdds: sum(node => node.multiplyAdds),
    values: members.flatMap(node => node.values),
    merged: members,
    ...changes
  }
}

/**
 * Merges a layer with its normalisation and activation, as the papers do, where nothing else uses the inner results; a join's
 * activation becomes its note.
 */
export function mergeFollowers(graph: DiagramGraph): DiagramGraph {
  const consumers = consumersOf(graph)
  const groupOf = new Map<DiagramNode, DiagramNode[]>()
  for (const node of graph.nodes) {
    const [source, ...others] = graph.sources.get(node) ?? []
    const isAlone = others.length === 0 && consumers.get(source)?.length === 1
    const before = isAlone ? groupOf.get(source) : undefined
    const group = before && follows(node, before) ? before : []
    group.push(node)
    groupOf.set(node, group)
  }
  const groups = [...new Set(groupOf.values())].filter(({ length }) => length > 1)
  return contract(
    graph,
    groups.map(group => [group, asOne(group)] as const)
  )
}

function follows(node: DiagramNode, [leader, ...rest]: readonly DiagramNode[]): boolean {
  if (leader.role === 'join') return node.role === 'activation' && rest.length === 0
  if (leader.role === 'norm') return node.role === 'activation'
  return (leader.role === 'conv' || leader.role === 'linear') && ['norm', 'activation'].includes(node.role)
}

function asOne(group: readonly DiagramNode[]): DiagramNode {
  const [leader, follower] = group
  if (leader.role === 'join') return together(group, { note: follower.title })
  // The title names activations, but not the normalisation before them.
  const said = group.filter((node, place) => place === 0 || node.role === 'activation')
  return together(group, { title: said.map(({ title }) => title).join(', ') })
}

/** A subgraph; its inputs from elsewhere become boxes. */
export function cutOut({ nodes, sources }: DiagramGraph, members: ReadonlySet<DiagramNode>): DiagramGraph {
  const inside = nodes.filter(node => members.has(node))
  const outside = new Set(inside.flatMap(node => sources.get(node) ?? []).filter(node => !members.has(node)))
  const entries = new Map(Array.from(outside, source => [source, terminal('x', source)]))
  const found = inside.map(node => {
    return [node, (sources.get(node) ?? []).map(each => entries.get(each) ?? each)] as const
  })
  return { nodes: [...entries.values(), ...inside], sources: new Map(found) }
}

/** An input or output box. */
export function terminal(title: string, { shape, values, scopes }: DiagramNode): DiagramNode {
  return {
    role: 'input',
    title,
    path: '',
    name: '',
    type: 'input',
    isLayer: false,
    shape,
    parameters: 0,
    reuses: false,
    multiplyAdds: 0,
    values,
    scopes
  }
}

/** The box that makes a value. */
export function holderOf({ nodes }: DiagramGraph, value: Value | undefined): DiagramNode | undefined {
  return nodes.find(({ values }) => values.some(each => each === value))
}

/** Boxes and all that leads into them, as far as it is inside. */
export function leadingInto(
  { sources }: DiagramGraph,
  ends: Iterable<DiagramNode>,
  isInside: (node: DiagramNode) => boolean = () => true
): Set<DiagramNode> {
  const found = new Set(ends)
  for (const node of found)
    for (const source of sources.get(node) ?? []) if (isInside(source)) found.add(source)
  return found
}

/** A join and everything since its branches split. */
export function branchesOf(graph: DiagramGraph, node: DiagramNode): Set<DiagramNode> {
  const fork = holderOf(graph, node.join?.fork)
  return leadingInto(graph, [node], source => source !== fork)
}
