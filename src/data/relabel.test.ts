import { describe, expect, it } from 'vitest'
import type { Dataset, SampleSource } from './dataset.js'
import { packedDataset } from './packed.js'
import { relabel } from './relabel.js'

const pictures = packedDataset({
  data: Uint8Array.of(1, 2, 3),
  labels: Int32Array.of(1, 0, 1),
  classes: ['rose', 'tulip'],
  width: 1,
  height: 1,
  channels: 1
})

describe('relabel', () => {
  it("gives labels the numbers of the network's classes", () => {
    const renamed = relabel(pictures, ['daisy', 'tulip', 'rose'])
    expect([...renamed.labels]).toEqual([1, 2, 1])
    expect(renamed.classes).toEqual(['daisy', 'tulip', 'rose'])
    expect(renamed.length).toBe(3)
    expect(renamed.source(2)).toEqual(pictures.source(2))
    expect([...pictures.labels]).toEqual([1, 0, 1])
  })

  it("keeps what a data set of one's own inherits", () => {
    class Own implements Dataset {
      readonly length = pictures.length
      readonly classes = pictures.classes
      readonly labels = pictures.labels
      readonly channels = pictures.channels
      source(index: number): SampleSource {
        return pictures.source(index)
      }
    }
    expect(relabel(new Own(), ['tulip', 'rose']).source(1)).toEqual(pictures.source(1))
  })

  it('names a class that the network does not know', () => {
    expect(() => relabel(pictures, ['daisy', 'tulip'], 'flowers')).toThrow(
      'flowers: has a class rose that the network does not know: it knows daisy, tulip'
    )
  })
})
