import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLabels } from './read-labels.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-labels-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function labels(name: string, content: string | Uint8Array, outputs = 2): Promise<string[]> {
  await writeFile(join(folder, name), content)
  return readLabels(join(folder, name), outputs)
}

describe('names of classes in a file', () => {
  it('are its lines, a JSON list, or JSON by number', async () => {
    const expected = ['tabby cat', 'Bär']
    expect(await labels('a.txt', 'tabby cat\r\nBär\r\n\n')).toEqual(expected)
    expect(await labels('a.json', '["tabby cat", "Bär"]')).toEqual(expected)
    expect(await labels('b.json', '{"1": "Bär", "0": "tabby cat"}')).toEqual(expected)
  })

  it.each([
    ["a hub's config.json", '{"model_type": "resnet", "id2label": {"0": "tabby cat", "1": "Bär"}}'],
    ["an image folder's class_to_idx", '{"Bär": 1, "tabby cat": 0}'],
    ["Keras's imagenet_class_index.json", '{"0": ["n02123045", "tabby cat"], "1": ["n02132136", "Bär"]}']
  ])('are those of %s', async (_, json) => {
    expect(await labels('own.json', json)).toEqual(['tabby cat', 'Bär'])
  })

  it('that are digits are not their numbers', async () => {
    expect(await labels('digits.json', '{"7": 0, "1": 1}')).toEqual(['7', '1'])
  })

  it('are one or two for a single output, which tells two apart', async () => {
    expect(await labels('c.txt', 'no\nyes', 1)).toEqual(['no', 'yes'])
    expect(await labels('c.txt', 'yes', 1)).toEqual(['yes'])
    await expect(labels('c.txt', 'a\nb\nc', 1)).rejects.toThrow('names 3 classes, but the network has 1')
  })

  it.each<[what: string, name: string, content: string | Uint8Array, fault: string]>([
    ['too few', 'a.txt', 'a\n', 'names 1 class, but the network has 2'],
    ['an empty line', 'a.txt', 'a\n\nb', 'line 2 is empty; expected the name of a class on each'],
    ['bytes', 'a.txt', Uint8Array.of(255, 254), 'is no text in UTF-8'],
    ['no JSON', 'a.json', '[', "labels: expected JSON, got '['"],
    ['another value', 'a.json', '3', 'labels: expected a list of names, or names by number, got 3'],
    [
      'a gap',
      'a.json',
      '{"0": "a", "2": "b"}',
      "labels: expected the numbers of all classes from 0 on, got '2'"
    ],
    [
      'a class that is no name',
      'a.json',
      '["a", 1]',
      'labels[1]: expected text of at most 4096 characters, got 1'
    ],
    [
      'a number twice',
      'a.json',
      '{"a": 0, "b": 0}',
      'labels: expected a name for each number from 0 to 1, got none for 1'
    ],
    [
      'a number beyond',
      'a.json',
      '{"a": 0, "b": 2}',
      'labels: expected a name for each number from 0 to 1, got none for 1'
    ],
    [
      'a list of more',
      'a.json',
      '{"0": ["a", "b", "c"], "1": "d"}',
      'labels[0]: expected text of at most 4096 characters'
    ],
    ['a prototype', 'a.json', '{"__proto__": "a"}', 'labels: expected the numbers of all classes from 0 on'],
    ['lists without end', 'a.json', '['.repeat(1e6), 'labels: is nested more than 32 deep']
  ])('are refused with %s', async (_, name, content, fault) => {
    await expect(labels(name, content)).rejects.toThrow(`${join(folder, name)}: ${fault}`)
  })
})
