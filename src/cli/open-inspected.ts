// The network that a command looks at: a model by its name, what `resnet train` wrote, or a user's own from a file.
import { Option } from 'commander'
import type { Shape } from '../ir/shape.js'
import type { Module } from '../nn/module.js'
import type { ModelOptions } from '../models/registry.js'
import type { Library } from './library.js'
import { openNetwork } from './open-network.js'

/** What MODEL may be where a file may be named too. */
export const INSPECTED_ARGUMENT =
  'a name that `resnet list` shows, or a JavaScript file that exports a network (./mine.mjs); left out with --checkpoint'

export const exportOption = (): Option =>
  new Option('--export <name>', "which export of MODEL's file is the network (default: the default export)")

export const plainOption = (): Option =>
  new Option('--plain', 'the plain twin of MODEL, without shortcuts').conflicts('checkpoint')

/** What the options of a command say about its network. */
export interface InspectOptions {
  readonly checkpoint?: string
  readonly export?: string
  readonly numClasses?: number
  readonly plain?: boolean
}

/** A network to look at. */
export interface InspectedNetwork {
  /** MODEL as it was named. */
  readonly name: string
  readonly net: Module
  /** What goes into it, batch first, where that is known. */
  readonly inputShape: Shape | undefined
  /** The package it is of, if that is not this one. */
  readonly library: Library | undefined
  /** Runs something on the network, so that an error names what it is about. */
  run<R>(job: () => R | Promise<R>): Promise<R>
}

/**
 * Opens what MODEL or --checkpoint names.
 * @throws ResnetError when there is no such network, or options do not go together.
 */
export async function openInspected(
  model: string | undefined,
  options: InspectOptions
): Promise<InspectedNetwork> {
  const { isFile, openUserModule, withFile } = await import('./user-module.js')
  const { ResnetError } = await import('../base/errors.js')
  if (model !== undefined && isFile(model) && options.checkpoint === undefined) {
    for (const [flag, given] of [
      ['--num-classes', options.numClasses],
      ['--plain', options.plain]
    ] as const) {
      if (given !== undefined)
        throw new ResnetError(`${flag} is for models that have a name; ${model} is a file`)
    }
    const opened = await openUserModule(model, options.export)
    return { ...opened, name: model, run: job => withFile(model, job) }
  }
  if (options.export !== undefined) {
    throw new ResnetError('--export chooses from a file: name one as MODEL, such as ./mine.mjs')
  }
  const { findModel } = await import('../models/registry.js')
  const { name, net, shape } = await openNetwork(model, options.checkpoint, known =>
    findModel(known).build(formOf(options))
  )
  return { name, net, inputShape: [1, ...shape], library: undefined, run: async job => job() }
}

/**
 * The shape to look at a network with.
 * @throws ResnetError when neither the user nor the network's file says one.
 */
export async function inputFor(
  { name, inputShape }: InspectedNetwork,
  input: Shape | undefined
): Promise<Shape> {
  if (input ?? inputShape) return input ?? inputShape ?? []
  const { ResnetError } = await import('../base/errors.js')
  throw new ResnetError(`What goes into ${name}? Give --input 1,3,224,224, or let the file export inputShape`)
}

function formOf({ numClasses, plain = false }: InspectOptions): ModelOptions {
  return { ...(numClasses === undefined ? {} : { numClasses }), ...(plain ? { residual: false } : {}) }
}
