// Makes batches from samples: decodes, transforms and concatenates. Runs in workers or directly.
import { withMemory } from '../base/memory.js'
import { fileName } from '#platform'
import { readImage } from '../images/decode/read-image.js'
import { ImageError } from '../images/picture.js'
import { makePipeline } from '../images/pipeline/pipeline.js'
import type { Transform } from '../images/pipeline/transforms.js'
import { RandomGenerator } from '../tensor/random/generator.js'
import { sizeOf } from '../tensor/tensor.js'
import type { SampleSource } from './dataset.js'

/** A batch's sources: plain data, for workers. */
export interface BatchRequest {
  readonly sources: readonly SampleSource[]
  readonly seeds: readonly number[]
}

/** An unreadable picture. */
export interface SampleFault {
  /** Its index in the request. */
  readonly place: number
  /** The fault, without the file's name. */
  readonly fault: string
}

export interface MadeBatch {
  readonly data: Float32Array<ArrayBuffer>
  /** (N, C, H, W), of the pictures made. */
  readonly shape: readonly number[]
  /** Their indices in the request. */
  readonly places: readonly number[]
  readonly faults: readonly SampleFault[]
  /** The first picture of another size, which makes the batch impossible. */
  readonly unequal: SampleFault | undefined
}

/**
 * Makes batches; faults of single pictures are returned, not thrown.
 * @throws ImageError when the transforms are in the wrong order.
 */
export function batchMaker(transforms: readonly Transform[]): (request: BatchRequest) => Promise<MadeBatch> {
  const prepare = makePipeline(transforms, 'createLoader: transforms')
  return async ({ sources, seeds }) => {
    const places: number[] = []
    const faults: SampleFault[] = []
    let data = new Float32Array(0)
    let shape: readonly number[] = []
    let unequal: SampleFault | undefined
    for (const [place, source] of sources.entries()) {
      try {
        const picture = 'picture' in source ? source.picture : await readImage(source.path)
        const prepared = prepare(picture, new RandomGenerator(seeds[place]))
        if (places.length === 0) {
          shape = prepared.shape
          const size = sources.length * prepared.size
          data = withMemory(
            4 * size,
            () => new Float32Array(size),
            () => 'a batch'
          )
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

/** Without the file's name, which the caller adds. */
function faultOf({ path, fault, message }: ImageError, source: SampleSource): string {
  return 'path' in source && path === fileName(source.path) ? fault : message
}
