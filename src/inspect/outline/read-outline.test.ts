import { describe, expect, it } from 'vitest'
import { SchemaError } from '../../base/schema.js'
import { findModel } from '../../models/registry.js'
import type { Module } from '../../nn/module/module.js'
import { plainTwin } from '../../nn/rewrite/plain.js'
import { INPUT, Patchwork } from '../diagram/testing/networks.js'
import { outlineNetwork, type NetworkOutline, type OutlinePart } from './outline.js'
import { readOutline } from './read-outline.js'

const outlined = (name: string, isPlain = false): NetworkOutline => {
  const { build, inputSize } = findModel(name)
  const net: Module = build()
  const input = [1, 3, inputSize, inputSize]
  return outlineNetwork(isPlain ? plainTwin(net, { input }) : net, { input })
}

const small = outlineNetwork(new Patchwork(), { input: INPUT })

/** The outline after a change of its plain data. */
function changed(change: (outline: Changeable) => void): string {
  const copy = JSON.parse(JSON.stringify(small)) as Changeable
  change(copy)
  return JSON.stringify(copy)
}

type Changeable = Record<string, never> & { root: ChangeablePart; lines: Record<string, unknown> }
interface ChangeablePart extends Record<string, unknown> {
  parts: ChangeablePart[]
  detours: { from?: string; to?: string; parts: ChangeablePart[] }[]
}

describe('readOutline', () => {
  it.each([
    ['a network of every kind of part', () => small],
    ['cbam_resnet18', () => outlined('cbam_resnet18')],
    ['cifar_resnet20, plain', () => outlined('cifar_resnet20', true)]
  ])('reads what was written: %s', (_, make) => {
    const outline = make()
    const read = readOutline(JSON.stringify(outline))
    expect({ ...read, lines: { ...read.lines } }).toEqual(outline)
  })

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /^outline: expected JSON, got/],
    ['nothing', 'null', /^outline: expected an object, got null/],
    ['no parts', changed(({ root }) => (root.parts = root.detours = [])), /expected at least one part/],
    [
      'a part that is none',
      changed(({ root }) => root.parts.push([] as never)),
      /root\.parts\[\d+\]: expected an/
    ],
    [
      'a role that no part has',
      changed(({ root }) => (root.parts[1].role = '" onload="')),
      /^outline\.root\.parts\[1\]\.role: expected 'input', /
    ],
    [
      'a size that is none',
      changed(({ root }) => (root.parts[0].outputShape = [1, -3])),
      /^outline\.root\.parts\[0\]\.outputShape\[1\]: expected a whole number/
    ],
    [
      'two parts of one name',
      changed(({ root }) => root.parts.push(root.parts[0])),
      /^outline\.root: has two parts/
    ],
    [
      'a detour to nowhere',
      changed(({ root }) => root.detours.push({ to: 'nowhere', parts: [] })),
      /detours\[\d+\]: leads from or to "nowhere"/
    ],
    [
      'a detour backwards',
      changed(({ root: { parts, detours } }) =>
        detours.push({ from: String(parts[2].id), to: String(parts[1].id), parts: [] })
      ),
      /detours\[\d+\]: leads back, from/
    ],
    [
      'a detour around nothing',
      changed(({ root }) => (root.parts[0].detours = [{ parts: [] }])),
      /^outline\.root\.parts\[0\]\.detours\[0\]: leads around no part/
    ],
    [
      'lines in the wrong order',
      changed(({ lines }) => (lines.x = [3, 1])),
      /expected a first and a last line/
    ],
    [
      'a name without end',
      changed(({ root }) => (root.parts[0].title = 'x'.repeat(2000))),
      /title: expected text of at most 1024 characters/
    ]
  ])('refuses %s', (_, json, fault) => {
    expect(() => readOutline(json)).toThrow(fault)
    expect(() => readOutline(json)).toThrow(SchemaError)
  })

  it('refuses what is nested without end, and does not overflow', () => {
    const part: OutlinePart = { ...small.root, parts: [], detours: [] }
    const [head, tail] = JSON.stringify({ ...small, root: part }).split('"parts":[]')
    const nested = `${head}${`"parts":[{"id":""`.repeat(50_000)}${'}]'.repeat(50_000)}${tail}`
    expect(() => readOutline(nested)).toThrow('outline: is nested more than 32 deep')
  })
})
