// What a network can be opened from, and telling one kind from another; apart from what opens them, so that a command
// line can ask before it loads that.
import type { Module } from '../nn/module.js'
import type { FilePath } from '#platform'

/** A constructor of networks, such as `resnet50`, or a class of one's own without required arguments. */
export type NetworkBuilder =
  ((options?: { readonly numClasses?: number; readonly inChannels?: number }) => Module) | (new () => Module)

/**
 * What a network is opened from: the name of a model, the path of a checkpoint (or the file itself), the path of a
 * JavaScript file whose default export is a network, a network, or what builds one.
 */
export type NetworkSource = FilePath | Module | NetworkBuilder

/** Whether a source is a JavaScript or TypeScript file. */
export function isScript(source: FilePath): boolean {
  return !(source instanceof Blob) && /\.[cm]?[jt]s$/i.test(source instanceof URL ? source.pathname : source)
}

/** Whether a source is a file of any kind; otherwise it is a model's name. */
export function isPath(source: FilePath): boolean {
  return typeof source !== 'string' || /[\\/]|\.(safetensors|pth|pt|ckpt|bin|[cm]?[jt]s)$/i.test(source)
}
