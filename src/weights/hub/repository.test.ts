import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { besideIndex, repositoryOf } from './repository.js'

describe('a repository', () => {
  it.each([
    'hf:owner/name',
    'hf:owner/name@main/a/model.safetensors',
    'model.safetensors.index.json',
    './snapshot/pytorch_model.bin.index.json',
    'C:\\snapshot\\model.safetensors.index.json',
    'https://example.org/net/model.safetensors.index.json?download=true',
    new URL('https://example.org/net/model.safetensors.index.json#part')
  ])('is at %s', source => {
    expect(repositoryOf(source)).toBe(String(source))
  })

  it('is a folder', async () => {
    const folder = await mkdtemp(`${tmpdir()}/resnet-ts-repository-`)
    onTestFinished(() => rm(folder, { recursive: true }))
    expect(repositoryOf(folder)).toBe(folder)
  })

  it.each([
    'resnet18',
    'weights/none.pth',
    'model.index.json.pth',
    'index.json',
    'data:application/json,{}.index.json',
    new URL('https://example.org/net.pth'),
    new Blob([]),
    undefined
  ])('is not %s', source => {
    expect(repositoryOf(source)).toBeUndefined()
  })

  it('has its other files beside the index, with the same permission', () => {
    const beside = (source: string): string | undefined => besideIndex(source)?.beside('part.bin')
    expect(beside('m.index.json')).toBe('part.bin')
    expect(beside('/a b/m.index.json')).toBe('/a b/part.bin')
    expect(beside('C:\\a\\m.index.json')).toBe('C:\\a\\part.bin')
    expect(beside('https://x.org/a/m.index.json?key=a/b#c')).toBe('https://x.org/a/part.bin?key=a/b#c')
    expect(besideIndex('a/m.index.json')?.file).toBe('m.index.json')
  })
})
