// Ways to make a drawing coarser or smaller: boxes put together, a part cut out.
import type { Value } from '../../ir/ops.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'

/** The boxes that take from each box. */
export function consumersOf({ nodes, sources }: DiagramGraph): Map<DiagramNode, DiagramNode[]> {
  const consumers = new Map<DiagramNode, DiagramNode[]>(nodes.map(node => [node, []]))
  for (const [node, from] of sources) for (const source of from) consumers.get(source)?.push(node)
  return consumers
}

/** The box that each value is made in. */
export function holdersOf({ nodes }: DiagramGraph): Map<Value, DiagramNode> {
  return new Map(nodes.flatMap(node => node.values.map(value => [value, node] as const)))
}

/** What a box stands for: itself, or the boxes merged into it. */
export function membersOf(node: DiagramNode): readonly DiagramNode[] {
  return node.merged.length > 0 ? node.merged : [node]
}

/** Draws each group of boxes as one; the groups have to be connected pieces that nothing leaves and comes back to. */
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
  // A group stands where its last member stood: whatever it takes from is before that.
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

/** One box for several: numbers add up, the rest is the first's. */
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
    operations: sum(node => node.operations),
    values: members.flatMap(node => node.values),
    merged: members,
    ...changes
  }
}

/**
 * Draws a normalisation and an activation in the box of the layer they follow, as the papers do; an activation of a join
 * becomes its note. Only where nothing else takes the layer's own result.
 */
export function mergeFollowers(graph: DiagramGraph): DiagramGraph {
  const consumers = consumersOf(graph)
  const groups: DiagramNode[][] = []
  const groupOf = new Map<DiagramNode, DiagramNode[]>()
  for (const node of graph.nodes) {
    const from = graph.sources.get(node) ?? []
    const group = from.length === 1 && consumers.get(from[0])?.length === 1 ? groupOf.get(from[0]) : undefined
    if (group && follows(node, group)) {
      group.push(node)
      groupOf.set(node, group)
    } else {
      const fresh = [node]
      groups.push(fresh)
      groupOf.set(node, fresh)
    }
  }
  return contract(
    graph,
    groups.filter(group => group.length > 1).map(group => [group, asOne(group)] as const)
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
  // Activations are named in the title; the normalisation before them is not.
  const said = group.filter((node, place) => place === 0 || node.role === 'activation')
  return together(group, { title: said.map(({ title }) => title).join(', ') })
}

/** The part of a drawing that some boxes are; what they take from elsewhere comes in as boxes of its own. */
export function cutOut({ nodes, sources }: DiagramGraph, members: ReadonlySet<DiagramNode>): DiagramGraph {
  const entries = new Map<DiagramNode, DiagramNode>()
  const inside = nodes.filter(node => members.has(node))
  const found = new Map<DiagramNode, readonly DiagramNode[]>()
  for (const node of inside) {
    found.set(
      node,
      (sources.get(node) ?? []).map(source => (members.has(source) ? source : enter(source)))
    )
  }
  for (const entry of entries.values()) found.set(entry, [])
  return { nodes: [...entries.values(), ...inside], sources: found }

  function enter(source: DiagramNode): DiagramNode {
    const entry = entries.get(source) ?? terminal('x', source)
    entries.set(source, entry)
    return entry
  }
}

/** A box for what comes into a part of a network or leaves it. */
export function terminal(title: string, { shape, values, scopes }: DiagramNode): DiagramNode {
  return {
    role: 'input',
    title,
    path: '',
    type: 'input',
    isLayer: false,
    shape,
    parameters: 0,
    reuses: false,
    multiplyAdds: 0,
    operations: 0,
    values,
    scopes,
    merged: []
  }
}

/** Everything between where a join's branches part and the join itself, which is among it. */
export function branchesOf(graph: DiagramGraph, node: DiagramNode): Set<DiagramNode> {
  const fork = node.join && graph.nodes.find(({ values }) => values.some(value => value === node.join?.fork))
  const found = new Set([node])
  for (const each of found) {
    for (const source of graph.sources.get(each) ?? []) if (source !== fork) found.add(source)
  }
  return found
}
