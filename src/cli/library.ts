// What a command needs of the package for a network that is not of this copy of it. The command line is bundled: its
// `Module` is another class than the one a user's file imports, so that file's network is for its own package to handle.
import type { compile } from '../compile/compile.js'
import type { diagramHtml } from '../pages/diagram/diagram-html.js'
import type { drawDiagram } from '../inspect/diagram/draw-diagram.js'
import type { countLayers } from '../inspect/count-layers.js'
import type { formatSummary } from '../inspect/format-summary.js'
import type { networkCosts } from '../inspect/network-costs.js'
import type { summarize } from '../inspect/summary.js'
import type { Module } from '../nn/module.js'
import type { rand } from '../tensor/random/random.js'

/** The part of the public API that commands on a user's network go through. */
export interface Library {
  readonly Module: abstract new () => Module
  readonly compile: typeof compile
  readonly countLayers: typeof countLayers
  readonly diagramHtml: typeof diagramHtml
  readonly drawDiagram: typeof drawDiagram
  readonly formatSummary: typeof formatSummary
  readonly networkCosts: typeof networkCosts
  readonly rand: typeof rand
  readonly summarize: typeof summarize
}

const PARTS: readonly (keyof Library)[] = [
  'Module',
  'compile',
  'countLayers',
  'diagramHtml',
  'drawDiagram',
  'formatSummary',
  'networkCosts',
  'rand',
  'summarize'
]

/** The parts that a package lacks: an older one. */
export function missingParts(found: object): string[] {
  return PARTS.filter(part => typeof Reflect.get(found, part) !== 'function')
}
