// Runs one piece of user code. The build makes one file of it, whose text the page gives to the frame without an origin in
// which it runs (see sandbox.ts); nothing can be loaded there.
import * as root from 'resnet-ts'
import * as data from 'resnet-ts/data'
import * as explain from 'resnet-ts/explain'
import * as functional from 'resnet-ts/functional'
import * as images from 'resnet-ts/images'
import * as inspect from 'resnet-ts/inspect'
import * as models from 'resnet-ts/models'
import * as nn from 'resnet-ts/nn'
import * as optim from 'resnet-ts/optim'
import * as train from 'resnet-ts/train'
import * as weights from 'resnet-ts/weights'
import { CodeError, moduleSource, wordsForThrown } from './module-source.js'

/** The library, by the names its parts are imported by. */
const LIBRARY = {
  'resnet-ts': root,
  'resnet-ts/nn': nn,
  'resnet-ts/functional': functional,
  'resnet-ts/models': models,
  'resnet-ts/weights': weights,
  'resnet-ts/images': images,
  'resnet-ts/data': data,
  'resnet-ts/optim': optim,
  'resnet-ts/train': train,
  'resnet-ts/inspect': inspect,
  'resnet-ts/explain': explain
}

/** What the page asks: the code, and whether to draw its plain twin. */
export interface PastedRequest {
  readonly code: string
  readonly isPlain: boolean
}

/** Describes the network that a module exports. @throws what is wrong with it. */
async function describe({ code, isPlain }: PastedRequest): Promise<inspect.NetworkOutline> {
  const found = await importCode(code)
  const net = await networkOf(found)
  const input = shapeOf(Reflect.get(found, 'inputShape')) ?? [1, 3, 224, 224]
  return inspect.outlineNetwork(isPlain ? models.plainTwin(net, { input }) : net, { input })
}

async function importCode(code: string): Promise<object> {
  // Import maps do not apply in workers: a module that re-exports the loaded library takes its place.
  const place = Symbol.for('resnet-ts')
  Reflect.set(globalThis, place, LIBRARY)
  const urls = Object.entries(LIBRARY).map(([part, library]): [string, string] => {
    const names = Object.keys(library).join(', ')
    return [part, urlOf(`export const { ${names} } = globalThis[Symbol.for('resnet-ts')]['${part}']`)]
  })
  return (await import(/* @vite-ignore */ urlOf(moduleSource(code, new Map(urls))))) as object
}

function urlOf(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
}

async function networkOf(found: object): Promise<root.Module> {
  const exported: unknown = Reflect.get(found, 'default')
  if (exported === undefined) {
    const names = Object.keys(found).filter(name => name !== 'inputShape')
    const others = names.length > 0 ? `; it exports ${names.join(', ')}` : ''
    throw new CodeError(`It has no default export${others}.`)
  }
  const net = await made(exported)
  if (net instanceof root.Module) return net
  throw new CodeError('Its default export is no Module, no class of one and no function that gives one.')
}

async function made(exported: unknown): Promise<unknown> {
  // A module is a function, too: it can be called.
  if (typeof exported !== 'function' || exported instanceof root.Module) return exported
  if (exported.prototype instanceof root.Module) return Reflect.construct(exported, []) as unknown
  // Classes other than Modules cannot be called; the caller reports them.
  if (/^class\b/.test(Function.prototype.toString.call(exported))) return exported
  return (await Reflect.apply(exported, undefined, [])) as unknown
}

function shapeOf(exported: unknown): root.Shape | undefined {
  if (exported === undefined) return undefined
  const dims: readonly unknown[] = Array.isArray(exported) ? exported : []
  const shape = dims.map((dim, axis) => (axis === 0 && dim === 'N' ? 1 : dim))
  const isSize = (dim: unknown): boolean => typeof dim === 'number' && Number.isSafeInteger(dim) && dim > 0
  if (shape.length > 0 && shape.every(isSize)) return shape as root.Shape
  throw new CodeError('Its inputShape should be sizes with the batch first, such as [1, 3, 224, 224].')
}

addEventListener(
  'message',
  ({ data }: MessageEvent<PastedRequest>) => {
    // Text cannot carry anything but data out of the frame: what it is, and that.
    describe(data).then(
      outline => {
        postMessage(`outline:${JSON.stringify(outline)}`)
      },
      (thrown: unknown) => {
        postMessage(`fault:${wordsForThrown(thrown)}`)
      }
    )
  },
  { once: true }
)
