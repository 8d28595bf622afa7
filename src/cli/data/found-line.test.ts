import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../data/dataset.js'
import { foundLine } from './found-line.js'

function dataset(length: number): Dataset {
  return {
    length,
    classes: ['a', 'b'],
    labels: new Int32Array(length),
    channels: 3,
    source: index => ({ path: String(index) })
  }
}

describe('the line about a folder of images', () => {
  it('says classes and images, and what is left out and why', () => {
    const leftOut = {
      folders: ['p/a/.ipynb_checkpoints', 'p/b/.ipynb_checkpoints', 'p/__MACOSX'],
      files: ['p/a/1.bmp', 'p/a/2.BMP', 'p/b/3.tif', 'p/b/README', 'p/a/._1.png']
    }
    expect(foundLine('p', { whole: dataset(1200), parts: undefined, leftOut })).toBe(
      'p: 2 classes, 1,200 images; left out: folders .ipynb_checkpoints, __MACOSX, 2 .bmp, 1 .tif, 1 without ending (JPEG, PNG, WebP and GIF are read), 1 hidden file'
    )
  })

  it('says the parts that the folder has', () => {
    const parts = { train: dataset(8), validation: dataset(2) }
    expect(foundLine('p', { whole: dataset(10), parts, leftOut: { folders: [], files: [] } })).toBe(
      'p: 2 classes, 10 images (8 for training, 2 for validation)'
    )
  })
})
