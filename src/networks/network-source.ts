// Sources of networks, apart from opening them, so that the command line need not load that.
import type { Module } from '../nn/module.js'
import type { FilePath } from '#platform'

/** A network's constructor, such as `resnet50`, or a class without required arguments. */
export type NetworkBuilder =
  ((options?: { readonly numClasses?: number; readonly inChannels?: number }) => Module) | (new () => Module)

/** A model's name, a checkpoint's path or `File`, the path of a JavaScript file with a default export, a network, or builder. */
export type NetworkSource = FilePath | Module | NetworkBuilder

/** Whether a source is a JavaScript or TypeScript file. */
export function isScript(source: FilePath): boolean {
  return !(source instanceof Blob) && /\.[cm]?[jt]s$/i.test(source instanceof URL ? source.pathname : source)
}

/** Whether a source is a file; otherwise it is a model's name. */
export function isPath(source: FilePath): boolean {
  return typeof source !== 'string' || /[\\/]|\.(safetensors|pth|pt|ckpt|bin|[cm]?[jt]s)$/i.test(source)
}
