// All layers in order, with an arc per shortcut and brackets for blocks and parts.
import type { ModuleCall } from '../../nn/trace/trace.js'
import { groupBy } from '../group-by.js'
import { findBlocks, type Block } from './blocks.js'
import type { Side } from './brackets.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'
import type { Scene } from './scene.js'
import { drawStacks } from './stacks.js'

export function drawLayers(graph: DiagramGraph): Scene {
  const blocks = findBlocks(graph)
  const sides = [...blockSides(blocks), ...partSides(graph, blocks)]
  const groups = new Map(
    sides.flatMap(({ nodes, lines }) => [...nodes].map(node => [node, lines[0]] as const))
  )
  const heads = new Set(sides.map(({ lines }) => lines[0]))
  const nameOf = (node: DiagramNode): string => {
    const name = nameWithin(node, groups.get(node))
    // `body.0` in the bracket `gate` would be taken for a layer of the bracket `body`.
    return heads.has(name.split('.', 1)[0]) ? nameWithin(node) : name
  }
  return drawStacks([{ graph, sides }], {
    nameOf,
    rowGap: 18,
    laneGap: 18,
    radius: 14,
    wraps: true
  })
}

/** Brackets for the blocks that are modules. */
export function blockSides(blocks: readonly Block[]): Side[] {
  return blocks.flatMap(({ scope, members }) => (scope ? [sideOf(scope, members)] : []))
}

function sideOf({ name, module }: ModuleCall, nodes: readonly DiagramNode[]): Side {
  return { nodes: new Set(nodes), lines: [name, module.typeName] }
}

/**
 * A layer's name relative to an enclosing module; empty for ops.
 * @param around the path of the module.
 */
export function nameWithin({ name, isLayer }: DiagramNode, around = ''): string {
  if (!isLayer) return ''
  return around !== '' && name.startsWith(`${around}.`) ? name.slice(around.length + 1) : name
}

/** Brackets for the network's children with several boxes and no block. */
function partSides({ nodes }: DiagramGraph, blocks: readonly Block[]): Side[] {
  const inBlocks = new Set(blocks.flatMap(({ members }) => members))
  const parts = groupBy(nodes, node => node.scopes.at(1))
  return [...parts].flatMap(([part, members]) =>
    part && members.length > 1 && !members.some(node => inBlocks.has(node)) ? [sideOf(part, members)] : []
  )
}
