// The network with its stages as boxes, and one stage in detail beside it.
import { ResnetError } from '../../base/errors.js'
import type { Module } from '../../nn/module/module.js'
import { groupBy } from '../group-by.js'
import { findBlocks, findStages, kindOf, type Block } from './blocks.js'
import type { DiagramGraph, DiagramNode } from './diagram-graph.js'
import { label } from './card.js'
import { blockSides, nameWithin } from './layer-style.js'
import { contract, cutOut, membersOf, mergeFollowers, together } from './regroup.js'
import type { Point } from './layout.js'
import { boundsOf, joinScenes, moved, type Line, type Scene } from './scene.js'
import { drawStacks } from './stacks.js'
import type { ModuleCall } from '../../nn/trace/trace.js'

const BETWEEN = 110
const FRAME = 22
const HEADING = { size: 12, bold: true } as const

/**
 * Draws a network and the stage of a name, by default the first with the most kinds of blocks.
 * @throws ResnetError when the network has no such module, or no stage.
 */
export function drawStage(graph: DiagramGraph, net: Module, name?: string): Scene {
  const blocks = findBlocks(graph)
  const stage = chooseStage(graph, blocks, net, name)
  const overview = collapse(graph, blocks, stage)
  const left = drawStacks([{ graph: overview.graph, sides: [] }], {
    nameOf: node => (node.role === 'group' ? (node.note ?? '') : nameWithin(node)),
    rowGap: 20,
    laneGap: 18,
    radius: 14,
    wraps: false,
    isMarked: node => node === overview.stage
  })
  const members = new Set(graph.nodes.filter(({ scopes }) => scopes.includes(stage)))
  const inside = blocks.filter(block => block.members.every(node => members.has(node)))
  const part = cutOut(graph, members)
  const merged = mergeFollowers(part)
  const sides = blockSides(inside).map(({ nodes, lines }) => {
    const values = new Set([...nodes].flatMap(node => node.values))
    return { lines, nodes: new Set(merged.nodes.filter(node => values.has(node.values[0]))) }
  })
  const right = drawStacks([{ graph: merged, sides }], {
    nameOf: node => mergedNames(node, inside, stage),
    rowGap: 20,
    laneGap: 20,
    radius: 16,
    wraps: true
  })
  return besides(left, right, stage)
}

function chooseStage(graph: DiagramGraph, blocks: readonly Block[], net: Module, name?: string): ModuleCall {
  const kinds = (stage: ModuleCall): number =>
    new Set(blocks.filter(({ join }) => join.scopes.includes(stage)).map(block => kindOf(graph, block))).size
  const [stages, all] = [findStages(blocks), openable(graph)]
  const usual = stages.length > 0 ? stages : all
  if (name !== undefined) {
    const found = all.find(call => call.name === name)
    if (found) return found
    const known = [...new Set(usual.map(call => call.name))].join(', ')
    const advice = known === '' ? '' : `; expected one such as ${known}`
    throw new ResnetError(`stage: there is no module '${name}' with several layers${advice}`)
  }
  if (usual.length > 0) return usual.reduce((best, each) => (kinds(each) > kinds(best) ? each : best))
  throw new ResnetError(
    `${net.typeName} has no stage to open: its layers stand in no inner module; --style layer draws it`
  )
}

/** Inner calls with several boxes, in order. */
function openable({ nodes }: DiagramGraph): ModuleCall[] {
  const inner = nodes.flatMap(({ scopes }) => scopes.slice(1))
  return [...groupBy(inner, scope => scope)].flatMap(([scope, { length }]) => (length > 1 ? [scope] : []))
}

/** Collapses the modules at the stage's level, and its siblings above, to boxes. */
function collapse(
  graph: DiagramGraph,
  blocks: readonly Block[],
  stage: ModuleCall
): { readonly graph: DiagramGraph; readonly stage: DiagramNode | undefined } {
  const [around = []] = graph.nodes.flatMap(({ scopes }) =>
    scopes.includes(stage) ? [scopes.slice(0, scopes.indexOf(stage))] : []
  )
  const groups = groupBy(graph.nodes, ({ scopes }) => scopes.find(scope => !around.includes(scope)))
  const boxes = new Map(
    Array.from(groups).flatMap(([scope, members]) =>
      scope && members.length > 1 ? [[scope, [members, groupBox(scope, members, blocks)]] as const] : []
    )
  )
  return { graph: mergeFollowers(contract(graph, boxes.values())), stage: boxes.get(stage)?.[1] }
}

function groupBox(
  { path, name, module }: ModuleCall,
  members: readonly DiagramNode[],
  blocks: readonly Block[]
): DiagramNode {
  const inside = blocks.filter(({ join }) => members.includes(join))
  const types = new Set(inside.map(({ scope }) => scope?.module.typeName ?? 'block'))
  const layers = members.filter(node => node.multiplyAdds > 0).length
  const note =
    inside.length > 0
      ? `${inside.length} × ${[...types].join(', ')}`
      : `${layers} ${layers === 1 ? 'layer' : 'layers'} with weights`
  return together(members, {
    role: 'group',
    title: name,
    path,
    name,
    type: module.typeName,
    isLayer: true,
    note,
    merged: []
  })
}

/** `conv1 · bn1 · relu`, relative to the enclosing block. */
function mergedNames(node: DiagramNode, blocks: readonly Block[], stage: ModuleCall): string {
  const around = blocks.find(({ members }) => members.some(({ values }) => values.includes(node.values[0])))
  const path = around?.scope?.path ?? stage.path
  const names = membersOf(node)
    .map(layer => nameWithin(layer, path))
    .filter(name => name !== '')
  // Layers of one Sequential: its name only once.
  const parent = names[0]?.slice(0, names[0].lastIndexOf('.') + 1) ?? ''
  return names
    .map((name, place) =>
      place > 0 && parent !== '' && name.startsWith(parent) ? name.slice(parent.length) : name
    )
    .join(' · ')
}

/** The network, the framed stage to its right, and guide lines. */
function besides(left: Scene, detail: Scene, { name, module }: ModuleCall): Scene {
  const [outer, inner] = [boundsOf(left), boundsOf(detail)]
  const marked = left.boxes.find(({ isMarked }) => isMarked === true)
  const height = inner.bottom - inner.top + 2 * FRAME + 28
  const middle = marked ? marked.y + marked.height / 2 : (outer.top + outer.bottom) / 2
  const x = outer.right + BETWEEN
  // Level with the opened box, but preferably not above the network.
  const y = Math.max(outer.top, Math.min(middle - height / 2, outer.bottom - height))
  const [right, bottom] = [x + inner.right - inner.left + 2 * FRAME, y + height]
  const corners = [
    { x, y },
    { x: right, y },
    { x: right, y: bottom },
    { x, y: bottom }
  ]
  const guide = (...points: Point[]): Line => ({ points, look: 'guide', radius: 10 })
  const lines = [guide(...corners, corners[0])]
  if (marked) {
    const edge = marked.x + marked.width
    lines.push(guide({ x: edge, y: marked.y }, corners[0]))
    lines.push(guide({ x: edge, y: marked.y + marked.height }, corners[3]))
  }
  const heading = label(`${name}: ${module.typeName}`, { x: x + FRAME, y: y + FRAME }, 'strong', HEADING)
  return joinScenes([
    left,
    moved(detail, x + FRAME - inner.left, y + FRAME + 28 - inner.top),
    { boxes: [], lines, labels: [heading] }
  ])
}
