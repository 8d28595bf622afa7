import { describe, expect, it } from 'vitest'
import { choicesOf } from './compare-run.js'

const OPTIONS = { runs: 1, latency: false }

describe('what is said of two networks', () => {
  it('is said of both, or of each', () => {
    expect(choicesOf('resnet18', 'vgg11', { ...OPTIONS, numClasses: 3, weights: ['w'] })).toEqual([
      { model: 'resnet18', numClasses: 3, weights: 'w' },
      { model: 'vgg11', numClasses: 3, weights: 'w' }
    ])
    expect(choicesOf('a.mjs', 'b.mjs', { ...OPTIONS, export: ['A', 'B'] })).toMatchObject([
      { model: 'a.mjs', export: 'A' },
      { model: 'b.mjs', export: 'B' }
    ])
  })

  it('concerns the one of them that it can', () => {
    const [file, model] = choicesOf('a.mjs', 'vgg11', { ...OPTIONS, numClasses: 3, export: ['A'] })
    expect(file).not.toHaveProperty('numClasses')
    expect(model).not.toHaveProperty('export')
  })

  it('is a checkpoint in place of the second, whose file may be named', () => {
    const options = { ...OPTIONS, checkpoint: 'best.safetensors' }
    expect(choicesOf('resnet18', undefined, options)[1]).toMatchObject({ checkpoint: 'best.safetensors' })
    expect(choicesOf('resnet18', 'b.mjs', options)[1]).toMatchObject({
      model: 'b.mjs',
      checkpoint: 'best.safetensors'
    })
  })
})
