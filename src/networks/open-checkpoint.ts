// Opens checkpoints. Code that a checkpoint names is never run; the user has to name the file.
import { counted } from '../base/figures.js'
import { checkArguments } from '../base/options.js'
import type { Shape } from '../ir/shape.js'
import { findModel, readOptions } from '../models/registry.js'
import { PHOTOGRAPH } from '../nn/layers/probe-body.js'
import type { Module } from '../nn/module/module.js'
import { manualSeed } from '../tensor/random/random.js'
import type { StateDict } from '../tensor/state-dict.js'
import { className, quote, shown } from '../base/words.js'
import { readWithContents } from '../weights/read-weights.js'
import { fileName, type FilePath } from '#platform'
import { built, formOf, outputsOf } from './build-network.js'
import {
  readSavedNetwork,
  type CheckpointNetwork,
  type NetworkFile,
  type SavedNetwork,
  aCheckpoint
} from './checkpoint.js'
import { ownersOf } from './misfit.js'
import { CheckpointError } from './network-error.js'
import { networkTensors } from './network-tensors.js'
import type { FileNetwork } from './open-file.js'
import type { OpenedNetwork, OpenNetworkOptions } from './opening.js'
import { prepared, preparedAs, usualFor, type Preparation } from './prepare.js'
import { toldModel } from './told-model.js'

/**
 * @param openTold opens the file as weights of a model that it names itself, as those of other programs do.
 * @throws CheckpointError when the file is invalid, or its network is defined in a file that was not given.
 */
export async function openCheckpoint(
  path: FilePath,
  options: OpenNetworkOptions,
  name = fileName(path),
  openTold?: (model: string) => Promise<OpenedNetwork>
): Promise<OpenedNetwork> {
  const saved = await readSavedNetwork(path, options.onNote).catch((error: unknown) => {
    if (error instanceof CheckpointError) return error
    throw error
  })
  if (saved instanceof CheckpointError) {
    const { contents, tensors } = await readWithContents(path)
    const told = options.file === undefined ? await toldModel(contents.metadata) : undefined
    if (!told || !openTold) throw await namingModel(tensors, saved)
    options.onNote?.(`${name}: opened as ${told.name}, which it says that it is of (${told.said})`)
    return openTold(told.name)
  }
  const { network, tensors } = saved
  assertOwnWeights(name, network, options)
  if (options.seed !== undefined) manualSeed(options.seed)
  const form = { ...network.options, ...formOf({ inChannels: options.inChannels }) }
  const preparedFor = async ([, , ...size]: Shape): Promise<Preparation> => {
    const { inChannels } = network.options
    const isForItsImages = form.inChannels === inChannels
    const other = isForItsImages || options.transforms ? undefined : usualFor(['N', form.inChannels, ...size])
    return other ?? preparedAs(options.transforms ?? network.transforms, ['N', inChannels, ...size])
  }
  const { shape } = prepared(network.transforms, network.options.inChannels)
  // Steps such as toTensor alone leave the size to the network.
  const isOpen = shape.slice(1).every(side => side === 1)
  const size = isOpen ? (options.input ?? usualSize(network)) : ['N' as const, ...shape]
  const known = size && (await preparedFor(size))
  const input = known && ['N' as const, ...known.shape]
  const file = network.file && (await fileOf(path, network.file, { ...options, ...form, input }))
  const preparation =
    known ?? (await preparedFor(file?.input ?? ['N', form.inChannels, PHOTOGRAPH, PHOTOGRAPH]))
  if (options.file !== undefined && !file) {
    const fault = `is of ${quote(network.model)}, which no file defines: leave out ${fileName(options.file)}`
    throw new CheckpointError(name, fault)
  }
  const build = (): Module => file?.net ?? findModel(network.model).build(readOptions(form))
  const { net, isHeadless } = await built(build, { path: name, tensors: networkTensors(tensors) }, options)
  // What a file defines was compared with the description when it was opened.
  const outputs = options.newHead || file ? undefined : outputsOf(net)
  return {
    ...preparation,
    net,
    isHeadless,
    model: network.model,
    origin: name,
    licence: undefined,
    classes: namesFor(name, network, outputs),
    multiLabel: network.multiLabel,
    file: file?.file,
    form: { ...network.options, ...formOf(options) },
    data: network.data
  }
}

/** The input that a model takes; nothing for one that a file defines, which tells its own. */
function usualSize({ model, file, options: { inChannels } }: CheckpointNetwork): Shape | undefined {
  if (file) return undefined
  const { inputSize } = findModel(model)
  return ['N', inChannels, inputSize, inputSize]
}

function assertOwnWeights(
  path: string,
  { options: saved }: CheckpointNetwork,
  { weights, assume, numClasses, newHead, ...shortcuts }: OpenNetworkOptions
): void {
  const { numClasses: classes } = saved
  if (weights !== undefined) {
    throw new CheckpointError(path, 'is a checkpoint, which has weights of its own: give no others')
  }
  if (assume !== undefined) {
    throw new CheckpointError(path, 'is a checkpoint, which tells what its network computes: assume nothing')
  }
  for (const option of ['residual', 'skip', 'gateBias'] as const) {
    const [asked, has] = [shortcuts[option], saved[option]]
    if (asked === undefined || asked === has) continue
    const found = has === undefined ? 'without it' : `with ${shown(has)}`
    throw new CheckpointError(path, `its network was built ${found}, not with ${option}: ${shown(asked)}`)
  }
  if (numClasses === undefined || newHead || numClasses === classes) return
  throw new CheckpointError(
    path,
    `its network has ${counted(classes, 'class', 'classes')}, not ${numClasses}`
  )
}

/** A name for each output, or both classes of a single one. @throws CheckpointError when its description does not fit its weights. */
function namesFor(
  path: string,
  { classes, options: { numClasses } }: CheckpointNetwork,
  outputs = numClasses
): readonly string[] {
  const isYesOrNo = outputs === 1 && classes.length === 2
  if (outputs !== numClasses || (classes.length > outputs && !isYesOrNo)) {
    const described = `its description has ${counted(numClasses, 'class', 'classes')} and names ${classes.length}`
    const fault = `its weights have ${counted(outputs, 'output', 'outputs')}, but ${described}; it was changed or damaged`
    throw new CheckpointError(path, fault)
  }
  return isYesOrNo ? classes : Array.from({ length: outputs }, (_, index) => className(classes, index))
}

/** Builds a checkpoint's network with its weights, averaged ones where available. */
export function restoreNetwork(checkpoint: Pick<SavedNetwork, 'network' | 'tensors'>): Module {
  checkArguments('restoreNetwork', { checkpoint }, { checkpoint: aCheckpoint })
  const { network, tensors } = checkpoint
  if (network.file) throw definedElsewhere('the checkpoint', network.file)
  const net = findModel(network.model).build(readOptions(network.options))
  net.loadStateDict(networkTensors(tensors))
  return net
}

/** The file with the checkpoint's network, as named by the caller. */
async function fileOf(path: FilePath, saved: NetworkFile, options: OpenNetworkOptions): Promise<FileNetwork> {
  const { file, onNote } = options
  if (file === undefined) throw definedElsewhere(path, saved)
  const { digestOf, openFile } = await import('./open-file.js')
  const isSaved = (await digestOf(file)) === saved.sha256
  if (!isSaved) onNote?.(`${fileName(file)} has changed since ${fileName(path)} was saved`)
  // Of a file that it does not know, a checkpoint does not choose what is called.
  const { export: exportName = isSaved ? saved.export : 'default' } = options
  return openFile(file, { ...options, export: exportName })
}

function definedElsewhere(path: FilePath, { path: relative, export: name }: NetworkFile): CheckpointError {
  const file = typeof path === 'string' ? beside(path, relative) : relative
  const which = name === 'default' ? '' : ` (its export ${quote(name)})`
  const fault = `its network is defined in ${quote(file)}${which}, and a checkpoint never runs code: name that file as the model`
  return new CheckpointError(fileName(path), fault, undefined, undefined, file)
}

/** A path relative to a file's folder. */
function beside(file: string, relative: string): string {
  const parts: string[] = []
  for (const part of `${file.replaceAll('\\', '/')}/../${relative}`.split('/')) {
    const isNamed = parts.length > 0 && parts.at(-1) !== '..'
    if (part === '..' && isNamed) parts.pop()
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part)
  }
  return /^(\.\.|)$/.test(parts[0]) ? parts.join('/') : `./${parts.join('/')}`
}

/** Adds the model that plain weights fit. */
async function namingModel(tensors: StateDict, error: CheckpointError): Promise<CheckpointError> {
  const owners = await ownersOf(networkTensors(tensors))
  const fault = owners ? `${error.fault}; ${owners.sentence}` : error.fault
  return new CheckpointError(error.path, fault, { cause: error }, owners?.model)
}
