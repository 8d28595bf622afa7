import type { Value } from '../../ir/ops.js'
import { innermostCalls, type ModuleCall } from '../../nn/trace.js'

/** A call and its parent. */
export interface Scope {
  readonly call: ModuleCall
  readonly parent: Scope | undefined
}

/** A trace's calls as a tree. */
export interface CallTree {
  /** The calls around a value, outermost first. */
  scopesOf(value: Value): readonly Scope[]
  /** Whether a call contains no other call. */
  isLeaf(scope: Scope): boolean
}

/** Builds the tree of calls that made some of these values. */
export function callTree(calls: readonly ModuleCall[], values: readonly Value[]): CallTree {
  const makers = innermostCalls(calls)
  const working = new Set<ModuleCall>()
  for (const { id } of values) {
    for (const call of calls) if (id >= call.from && id < call.to) working.add(call)
  }
  const scopes = new Map<ModuleCall, Scope>()
  const parents = new Set<Scope>()
  const open: Scope[] = []
  for (const call of calls) {
    if (!working.has(call)) continue
    while (open.length > 0 && (open.at(-1)?.call.to ?? 0) <= call.from) open.pop()
    const parent = open.at(-1)
    if (parent) parents.add(parent)
    const scope = { call, parent }
    scopes.set(call, scope)
    open.push(scope)
  }
  return {
    scopesOf(value) {
      const call = makers.get(value.id)
      const chain: Scope[] = []
      for (let scope = call && scopes.get(call); scope; scope = scope.parent) chain.unshift(scope)
      return chain
    },
    isLeaf: scope => !parents.has(scope)
  }
}
