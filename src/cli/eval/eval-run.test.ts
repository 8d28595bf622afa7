import { describe, expect, it } from 'vitest'
import { IMAGENET_CLASSES } from '../../models/imagenet-classes.js'
import { openNetwork } from '../../networks/open-network.js'
import { classesFor } from './eval-run.js'

describe('what the outputs of a network are called in data', () => {
  it('is what its checkpoint says, in whatever order the data has its classes', async () => {
    const opened = { ...(await openNetwork('cifar_resnet8')), classes: ['b', 'a'] }
    expect(classesFor(opened, { classes: ['a', 'b'] })).toEqual(['b', 'a'])
  })

  it("is the data's own names where the network has none, but as many outputs", async () => {
    const opened = await openNetwork('cifar_resnet8', { numClasses: 2 })
    expect(classesFor(opened, { classes: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(() => classesFor(opened, { classes: ['a', 'b', 'c'] })).toThrow(
      'cifar_resnet8 tells 2 classes apart and does not name them; the data has 3'
    )
  })

  it('is both names of two classes that one output tells apart', async () => {
    const opened = await openNetwork('cifar_resnet8', { numClasses: 1 })
    expect(classesFor(opened, { classes: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(() => classesFor(opened, { classes: ['a', 'b', 'c'] })).toThrow('tells 1 classes apart')
  })

  it("is ImageNet's where the data has some of them, by name or in order", async () => {
    const opened = await openNetwork('resnet18')
    expect(classesFor(opened, { classes: ['Samoyed', 'tabby'] })).toBe(IMAGENET_CLASSES)
    const numbered = IMAGENET_CLASSES.map((_, i) => `n${i}`)
    expect(classesFor(opened, { classes: numbered })).toBe(numbered)
  })
})
