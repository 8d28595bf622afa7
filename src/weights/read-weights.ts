// Reads weights in any format of torch or safetensors.
import { naming, Fault } from '../base/errors.js'
import {
  aFunction,
  aString,
  checkedLater,
  checkOptions,
  numberFrom,
  type OptionsOf
} from '../base/options.js'
import { fileName, openFile, type FilePath } from '#platform'
import type { StateDict } from '../tensor/state-dict.js'
import { Allowance, dataView, readUint64, WeightsError, type ByteSource } from './bytes.js'
import type { HubOptions } from './hub/hub-settings.js'
import { repositoryOf } from './hub/repository.js'
import type { FileContents } from './pth/contents.js'
import type * as Pickles from './pth/read-pth.js'
import type * as Safetensors from './safetensors/safetensors.js'

const OPTIONS = {
  /**
   * The checkpoint's entry with the state dict, its keys joined by dots. Default the one that looks most like a network's weights:
   * averages before others (timm), then the usual names, however deep.
   */
  entry: aString,
  /** Called with a sentence when the entry was chosen among several. */
  onNote: aFunction<(note: string) => void>(),
  /** How the Hugging Face Hub is asked for `hf:owner/name`: token, address, cache. */
  hub: checkedLater<HubOptions | undefined>(),
  /** Called during downloads from the hub, in bytes. */
  onProgress: aFunction<(received: number, total: number | undefined) => void>(),
  /** Limit on the tensors' memory; default 64 MiB plus 16 bytes per byte of the file. */
  maxBytes: numberFrom(0)
}

/** Options of `readWeights`. */
export interface ReadWeightsOptions extends OptionsOf<typeof OPTIONS> {}

/**
 * Reads the tensors of a `.safetensors` file or of any version of `torch.save`, from a path, an address (`https:`, `file:`,
 * `data:`, `hf:owner/name`), a folder from the hub, or bytes, or of a ResNet's ONNX file, detected by content (torch:
 * `torch.load(path, weights_only=True)`). Of weights in several files, the path or address is that of their index
 * (`model.safetensors.index.json`). Dtypes and names, including prefixes such as `module.`, are kept; views become
 * contiguous. Bytes given directly are shared, not copied.
 *
 * PyTorch difference: other entries of a checkpoint (optimizer, epoch) are ignored, and only contiguous tensors share
 * storages.
 * @throws WeightsError naming the file and the fault.
 * @example
 * net.loadStateDict(await readWeights('resnet18-f37072fd.pth'))
 */
export async function readWeights(source: FilePath, options: ReadWeightsOptions = {}): Promise<StateDict> {
  checkOptions('readWeights', options, OPTIONS)
  const repository = repositoryOf(source)
  return repository === undefined
    ? withOpenFile(source, file => readFrom(file, options))
    : readRepository(repository, options)
}

async function readRepository(repository: string, options: ReadWeightsOptions): Promise<StateDict> {
  const { openSnapshot, readSnapshot } = await import('./hub/snapshot.js')
  return readSnapshot(await openSnapshot(repository, options), part =>
    withOpenFile(part, file => readFrom(file, options))
  )
}

/**
 * Reads metadata and tensors through one open file, consistent even if it is replaced meanwhile. `.safetensors` and
 * `.onnx` files have metadata; a digest in it is verified, and is no part of what is returned.
 * @param accept receives the metadata, and may throw; tensors without a digest are not read before.
 * @throws WeightsError naming the file and the fault.
 */
export async function readWithMetadata<T>(
  path: FilePath,
  accept: (metadata: ReadonlyMap<string, string>) => T,
  options: Omit<ReadWeightsOptions, 'maxBytes'> = {}
): Promise<{ readonly metadata: T; readonly tensors: StateDict }> {
  const repository = repositoryOf(path)
  if (repository === undefined) return readFileWithMetadata(path, accept, options)
  return { metadata: accept(NO_METADATA.texts), tensors: await readRepository(repository, options) }
}

/** The same of a file alone, where the caller knows that it is no repository; with what else torch.save wrote into it. */
export async function readFileWithMetadata<T>(
  path: FilePath,
  accept: (metadata: ReadonlyMap<string, string>) => T,
  options: Pick<ReadWeightsOptions, 'entry' | 'onNote'> = {}
): Promise<{ readonly metadata: T; readonly tensors: StateDict; readonly contents?: FileContents }> {
  return withOpenFile(path, async file => {
    const { texts, isDigested } = await naming(file.name, WeightsError, async () =>
      metadataOf(file, await sniffContainer(file))
    )
    // First the digest: damage is why metadata makes no sense.
    const verified = isDigested ? await readFrom(file, options) : undefined
    const metadata = accept(texts)
    let contents: FileContents | undefined
    const tensors =
      verified ??
      (await readFrom(file, options, found => {
        contents = found
      }))
    return { metadata, tensors, ...(contents && { contents }) }
  })
}

/**
 * Reads a file's tensors, and says what else is in it.
 * @throws WeightsError naming the file and the fault.
 */
export async function readWithContents(
  path: FilePath,
  options: Pick<ReadWeightsOptions, 'entry' | 'onNote'> = {}
): Promise<{ readonly contents: FileContents; readonly tensors: StateDict }> {
  return withOpenFile(path, async file => {
    let contents: FileContents | undefined
    const tensors = await readFrom(file, options, found => {
      contents = found
    })
    return { tensors, contents: contents ?? (await plainContents(file)) }
  })
}

/** Those of a file that is one state dict. */
async function plainContents(file: ByteSource): Promise<FileContents> {
  return naming(file.name, WeightsError, async () => {
    const container = await sniffContainer(file)
    const { texts } = await metadataOf(file, container)
    return { container, entry: '', entries: [''], metadata: Object.fromEntries(texts), opaque: [] }
  })
}

async function metadataOf(
  file: ByteSource,
  container: string
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly isDigested: boolean }> {
  if (container === 'onnx') {
    const { readOnnxMetadata } = await import('./onnx-file/onnx-metadata.js')
    return { texts: await readOnnxMetadata(file), isDigested: false }
  }
  if (container !== 'safetensors') return NO_METADATA
  const { readSafetensorsMetadata } = await import('./safetensors/safetensors.js')
  return readSafetensorsMetadata(file)
}

const NO_METADATA = { texts: new Map<string, string>(), isDigested: false }

async function withOpenFile<T>(path: FilePath, use: (file: ByteSource) => Promise<T>): Promise<T> {
  const file = await naming(fileName(path), WeightsError, () => openFile(path)).catch(
    async (error: unknown) => {
      if (!(error instanceof WeightsError && error.fault === 'no such file')) throw error
      const { withHubAddress } = await import('./hub/snapshot.js')
      throw withHubAddress(path, error)
    }
  )
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

async function readFrom(
  source: ByteSource,
  { entry, maxBytes, onNote }: ReadWeightsOptions,
  onContents?: (contents: FileContents) => void
): Promise<StateDict> {
  return naming(source.name, WeightsError, async () => {
    const allowance = new Allowance(source.size, maxBytes)
    const container = await sniffContainer(source)
    if (container === 'safetensors') {
      if (entry !== undefined)
        throw new Fault('is a .safetensors file, whose tensors are in no entry: leave out the option entry')
      safetensors ??= await import('./safetensors/safetensors.js')
      return safetensors.readSafetensors(source, allowance)
    }
    if (container === 'onnx')
      return (await import('./onnx-file/read-onnx.js')).readOnnx(source, { allowance, entry, onNote })
    pickles ??= await import('./pth/read-pth.js')
    return pickles.readPth(source, { container, allowance, entry, onNote, onContents })
  })
}

// Kept, as each further import would be resolved again.
let pickles: typeof Pickles | undefined
let safetensors: typeof Safetensors | undefined

const HEAD_BYTES = 512
// Longer headers are implausible; no other format starts with five bytes and three zeros.
const LONG_HEADER = 2 ** 40

// The version of the format, then the producer, its domain or version, a text, the graph or operator sets.
const ONNX = /^\u0008[\u0001-\u001f][\u0012\u001a"(2:B]/

const IMPOSTORS: readonly (readonly [start: RegExp, what: string])[] = [
  [/^version https:\/\/git-lfs/, 'is a Git LFS pointer, not the file itself; run "git lfs pull"'],
  [/^\s*<(!doctype|html|\?xml|head|body)/i, 'is a web page, not weights; the download needs the direct link'],
  [/^\u001f\u008b/, 'is compressed with gzip; decompress it first'],
  [/^BZh|^\u00fd7zXZ|^\u0028\u00b5\u002f\u00fd/, 'is compressed; decompress it first'],
  [/^\u0089HDF/, 'is an HDF5 file (Keras); convert it to safetensors first'],
  [
    /^\s*\{\s*"(metadata|weight_map)"/,
    'is an index of weights in several files; give its path or address, beside which those are'
  ],
  [/^\u0093NUMPY/, 'is one NumPy array, not a state dict; numpy.savez writes several by name'],
  [/^.{4}TFL3/s, 'is a TensorFlow Lite model; convert it to safetensors first'],
  [/^GGUF/, 'is a GGUF file; convert it to safetensors first'],
  [/^\u0089PNG|^\u00ff\u00d8\u00ff/, 'is an image, not weights']
]

/** Detects the format. @throws Fault for another format, naming it if known. */
async function sniffContainer(source: ByteSource): Promise<'safetensors' | 'onnx' | Pickles.PthContainer> {
  if (source.size === 0) throw new Fault('is empty')
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size))
  const text = String.fromCharCode(...head)
  if (text.startsWith('ustar', 257)) return 'tar'
  if (/^PK(\u0003\u0004|\u0005\u0006)/.test(text)) return 'zip'
  // Before pickles, since a header's length may start with any byte.
  if (text[8] === '{' && readUint64(dataView(head), 0) < LONG_HEADER) return 'safetensors'
  // A pickle of protocol 2 or later; torch's magic number in protocol 1; or a dict of protocol 0 or 1.
  if (/^(\u0080|L1195470371460388|\(dp?\d|\}q)/.test(text)) return 'legacy'
  if (ONNX.test(text)) return 'onnx'
  if (text[8] === '{') return 'safetensors'
  const [, what] = IMPOSTORS.find(([start]) => start.test(text)) ?? []
  throw new Fault(what ?? unknownContent(head))
}

function unknownContent(head: Uint8Array): string {
  return head.length < 9
    ? `has only ${head.length} bytes; expected a .safetensors, .npz or .onnx file, or what torch.save writes`
    : 'is neither a .safetensors, .npz or .onnx file nor what torch.save writes'
}
