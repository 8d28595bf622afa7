import { describe, expect, it } from 'vitest'
import { isHubAddress, isSafePath, readHubAddress } from './address.js'

describe('an address on the hub', () => {
  it.each<[string, string, string, string | undefined]>([
    ['hf:timm/resnet50.a1_in1k', 'timm/resnet50.a1_in1k', 'main', undefined],
    ['hf:resnet50', 'resnet50', 'main', undefined],
    ['hf:microsoft/resnet-50@v1.0', 'microsoft/resnet-50', 'v1.0', undefined],
    ['hf:o/n@refs/pr/12', 'o/n', 'refs/pr/12', undefined],
    ['hf:o/n@refs/pr/12/a/b.pth', 'o/n', 'refs/pr/12', 'a/b.pth'],
    ['hf:o/n@feature%2Fx/model.safetensors', 'o/n', 'feature/x', 'model.safetensors'],
    ['hf:o/n/sub/model.safetensors', 'o/n', 'main', 'sub/model.safetensors']
  ])('%s is read', (text, repository, revision, file) => {
    expect(readHubAddress(text)).toEqual({ text, repository, revision, file })
    expect(isHubAddress(text)).toBe(true)
  })

  it.each([
    'hf:',
    'hf:/n',
    'hf:o/',
    'hf:../n',
    'hf:o/..',
    'hf:o/-n',
    'hf:o/n--m',
    'hf:o/a b',
    'hf:o/n@..',
    'hf:o/n@%2e%2e%2fx',
    'hf:o/n@%',
    'hf:o/n/../x',
    'hf:o/n//x',
    'hf:o/n/C:/x',
    'hf:o/n/a\\b',
    'hf:o/n@'
  ])('%s is refused in a sentence', text => {
    expect(() => readHubAddress(text)).toThrow(/^hf:.*: (is no address|its (revision|file) is no)/)
  })

  it('is no URL, path or model', () => {
    for (const source of ['https://hf.co/o/n', './hf:o', 'resnet50', 5]) {
      expect(isHubAddress(source)).toBe(false)
    }
    expect(isSafePath('a/b.c')).toBe(true)
    expect(isSafePath('a/\u0000')).toBe(false)
  })
})
