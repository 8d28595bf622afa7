// Pictures to a batch: decode what is still a file, prepare each picture, lay the floats one after the other. This is the
// work that is done in worker threads; it knows of none.
import { fileName } from '#platform'
import { makePipeline, type Pipeline, type Transform } from '../images/augment/pipeline.js'
import { ImageError } from '../images/image-error.js'
import type { Picture } from '../images/picture.js'
import { readImage } from '../images/read-image.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { sizeOf } from '../tensor/tensor.js'
import type { SampleSource } from './dataset.js'
import { toGrey } from '../images/to-grey.js'

/** How pictures are prepared: plain data, so that it can cross to a worker thread. */
export interface BatchRecipe {
  readonly transforms: readonly Transform[]
  /** Whether colours become grey. */
  readonly grey: boolean
}

/** What a batch is made of: plain data too. */
export interface BatchRequest {
  readonly sources: readonly SampleSource[]
  readonly seeds: readonly number[]
}

/** A picture that could not be read or prepared. */
export interface SampleFault {
  /** Its place in the request. */
  readonly place: number
  /** What is wrong, without the name of the picture's file. */
  readonly fault: string
}

/** The pictures of a batch that could be made. */
export interface MadeBatch {
  readonly data: Float32Array<ArrayBuffer>
  /** (N, C, H, W), of those that could be made. */
  readonly shape: readonly number[]
  /** Their places in the request. */
  readonly places: readonly number[]
  readonly faults: readonly SampleFault[]
  /** The first picture whose size is not that of those before it, if there is one: such a batch cannot be. */
  readonly unequal: SampleFault | undefined
}

/** Makes batches by one recipe. */
export class BatchMaker {
  readonly #prepare: Pipeline
  readonly #grey: boolean

  /** @throws ImageError when the transforms stand in an impossible order. */
  constructor({ transforms, grey }: BatchRecipe) {
    this.#prepare = makePipeline(transforms)
    this.#grey = grey
  }

  /** Faults of single pictures are reported and not thrown. */
  async make({ sources, seeds }: BatchRequest): Promise<MadeBatch> {
    const places: number[] = []
    const faults: SampleFault[] = []
    let data = new Float32Array(0)
    let shape: readonly number[] = []
    let unequal: SampleFault | undefined
    for (const [place, source] of sources.entries()) {
      try {
        const picture = await pictureOf(source)
        const prepared = this.#prepare(
          this.#grey ? toGrey(picture) : picture,
          new RandomGenerator(seeds[place])
        )
        if (places.length === 0) {
          shape = prepared.shape
          data = new Float32Array(sources.length * prepared.size)
        }
        if (prepared.shape.join() !== shape.join()) {
          const sizes = `is [${prepared.shape.join(', ')}] and others of its batch are [${shape.join(', ')}]`
          unequal = { place, fault: `${sizes}; let a crop make them equal` }
          break
        }
        data.set(prepared.data, places.length * prepared.size)
        places.push(place)
      } catch (error) {
        if (!(error instanceof ImageError)) throw error
        faults.push({ place, fault: faultOf(error, source) })
      }
    }
    const used = places.length === sources.length ? data : data.slice(0, places.length * sizeOf(shape))
    return { data: used, shape: [places.length, ...shape], places, faults, unequal }
  }
}

/** Without the name of the file, which whoever asked may call by another. */
function faultOf({ path, fault, message }: ImageError, source: SampleSource): string {
  return 'path' in source && path === fileName(source.path) ? fault : message
}

async function pictureOf(source: SampleSource): Promise<Picture> {
  if ('picture' in source) return source.picture
  const { width, height, data } = await readImage(source.path)
  return { width, height, channels: 3, data }
}
