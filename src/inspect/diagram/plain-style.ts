// Plain twin and residual network side by side, as in figure 3 of the paper (arXiv:1512.03385).
import type { Shape } from '../../ir/shape.js'
import type { Module } from '../../nn/module/module.js'
import { twinWithOriginals } from '../../nn/rewrite/plain.js'
import { ResnetError } from '../../base/errors.js'
import { formatCount } from '../../base/figures.js'
import { groupBy } from '../group-by.js'
import { formatImage } from './card.js'
import type { Side } from './brackets.js'
import { diagramGraph, type DiagramGraph, type DiagramNode } from './diagram-graph.js'
import { findWays, planRows } from './plan.js'
import { membersOf, mergeFollowers } from './regroup.js'
import type { Scene } from './scene.js'
import { drawStacks } from './stacks.js'

/** Draws the plain twin on the left, the network on the right. @throws ResnetError when it has no shortcut. */
export function drawPlainAndResidual(graph: DiagramGraph, net: Module, input: Shape): Scene {
  const { twin, originals } = twinWithOriginals(net, { input })
  if (twin === net) {
    throw new ResnetError(
      `${net.typeName} has no F(x) + x or F(x) · x to leave out: it is plain already; --style layer draws it`
    )
  }
  // A block with a join is drawn op by op, so its twin is too.
  const copies = new Set([...originals].flatMap(([made, module]) => (made === module ? [] : [made])))
  const twinGraph = diagramGraph(twin, input, copies)
  const [plain, residual] = [twinGraph, graph].map(mergeFollowers)
  const plan = planRows(residual)
  // Aligns each of the twin's boxes with the one of the same first layer.
  const rowOf = new Map<string, number>()
  const paths = new Map<Module | undefined, string>()
  for (const [path, module] of net.namedModules()) paths.set(module, path)
  for (const [made, original] of originals) paths.set(made, paths.get(original) ?? '')
  const nameOf = new Map([...namesOf(graph, paths), ...namesOf(twinGraph, paths)])
  for (const node of residual.nodes) {
    for (const member of membersOf(node)) rowOf.set(nameOf.get(member) ?? '', plan.rowOf.get(node) ?? 0)
  }
  const rowsOfPlain = new Map<DiagramNode, number>()
  for (const node of plain.nodes) {
    const above = (plain.sources.get(node) ?? []).map(source => 1 + (rowsOfPlain.get(source) ?? 0))
    rowsOfPlain.set(node, Math.max(rowOf.get(nameOf.get(membersOf(node)[0]) ?? '') ?? 0, ...above))
  }
  return drawStacks(
    [
      {
        graph: plain,
        plan: { ...findWays(plain), rowOf: rowsOfPlain, rows: 1 + Math.max(...rowsOfPlain.values()) },
        sides: imageSides(plain.nodes),
        caption: ['Plain', counted(plain)]
      },
      { graph: residual, plan, sides: [], caption: ['Residual', counted(residual)] }
    ],
    { rowGap: 14, laneGap: 18, radius: 16, wraps: true }
  )
}

/** Names that boxes of a network and its twin share: module, op and call number. */
function namesOf(
  { nodes }: DiagramGraph,
  paths: ReadonlyMap<Module | undefined, string>
): (readonly [DiagramNode, string])[] {
  const named = groupBy(nodes, ({ scopes, join, type }) => {
    return `${paths.get(scopes.at(-1)?.module)} ${join?.op ?? type}`
  })
  return [...named].flatMap(([name, boxes]) => boxes.map((node, i) => [node, `${name} ${i}`] as const))
}

function counted({ nodes }: DiagramGraph): string {
  return `${formatCount(nodes.reduce((sum, { parameters }) => sum + parameters, 0))} parameters`
}

/** Consecutive boxes of equal result size: the paper's "output size". */
function imageSides(nodes: readonly DiagramNode[]): Side[] {
  const runs: { readonly text: string; readonly nodes: Set<DiagramNode> }[] = []
  for (const node of nodes) {
    if (node.role === 'input') continue
    const text = node.shape.length === 4 ? node.shape.slice(2).join(' × ') : formatImage(node.shape)
    const run = runs.at(-1)
    if (run?.text === text) run.nodes.add(node)
    else runs.push({ text, nodes: new Set([node]) })
  }
  return runs.map(run => ({ nodes: run.nodes, lines: [run.text] }))
}
