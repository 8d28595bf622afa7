// Changes of plain data that keep it plain data: what a checksum would hide from the reader behind it.
import type { Random } from './random.js'

export type Data = null | boolean | number | string | readonly Data[] | { readonly [name: string]: Data }

const NUMBERS = [
  0,
  -0,
  -1,
  1,
  2,
  0.5,
  1e-308,
  1e308,
  -1e308,
  30_000,
  4096,
  2 ** 16,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 53,
  1e21
]
const TEXTS = [
  '',
  '0',
  '1e308',
  '{}',
  'NaN',
  '-Infinity',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(5000),
  '../../../etc/passwd',
  '\u001b[2J',
  '\ud800',
  'resnet152',
  'vgg19_bn',
  'resize',
  'randAugment',
  'train.mjs',
  'a\nb'
]
const deep = (levels: number): Data => (levels === 0 ? 0 : [deep(levels - 1)])
const MANY = Array.from({ length: 2000 }, () => 1)

function strange(random: Random): Data {
  const kinds: readonly Data[] = [null, true, false, [], {}, deep(40), deep(20), MANY, { length: 1e9 }]
  switch (random.below(4)) {
    case 0:
      return random.pick(kinds)
    case 1:
      return random.pick(TEXTS)
    default:
      return random.pick(NUMBERS)
  }
}

/** A copy with one to three changes, each at a place drawn from all places of the data. */
export function mutatedData(data: Data, random: Random): Data {
  let changed = data
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left--) {
    changed = changedAt(changed, random.below(countOf(changed)), random)
  }
  return changed
}

/** Values in the data, itself included. */
function countOf(data: Data): number {
  if (typeof data !== 'object' || data === null) return 1
  return Object.values(data).reduce<number>((sum, each) => sum + countOf(each), 1)
}

function changedAt(data: Data, place: number, random: Random): Data {
  if (place === 0) return changedValue(data, random)
  if (typeof data !== 'object' || data === null) return data
  let left = place - 1
  let isDone = false
  const entries = Object.entries(data).map(([name, each]): [string, Data] => {
    const count = countOf(each)
    if (isDone || left >= count) {
      if (!isDone) left -= count
      return [name, each]
    }
    isDone = true
    return [name, changedAt(each, left, random)]
  })
  return Array.isArray(data) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}

function changedValue(data: Data, random: Random): Data {
  if (random.oneIn(2) || typeof data === 'boolean' || data === null) return strange(random)
  if (typeof data === 'number') {
    return random.pick([-data, data + 1, data - 1, data * 2, data * 1e6, data / 3, String(data), [data]])
  }
  if (typeof data === 'string') return changedText(data, random)
  if (Array.isArray(data)) return changedList(data as readonly Data[], random)
  return changedObject(data as Readonly<Record<string, Data>>, random)
}

function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  return random.pick([
    text.slice(0, at),
    text.slice(at),
    `${text.slice(0, at)}${random.pick(TEXTS)}${text.slice(at)}`,
    text.toUpperCase(),
    text.repeat(1 + random.below(40))
  ])
}

function changedList(list: readonly Data[], random: Random): Data {
  const at = random.below(list.length + 1)
  switch (random.below(5)) {
    case 0:
      return list.toSpliced(at, 1)
    case 1:
      return list.toSpliced(at, 0, strange(random))
    case 2:
      return list.length === 0 ? [strange(random)] : list.toSpliced(at, 0, random.pick(list))
    case 3:
      return Array.from({ length: 1 + random.below(100) }, () => list).flat()
    default:
      return list.toReversed()
  }
}

function changedObject(object: Readonly<Record<string, Data>>, random: Random): Data {
  const entries = Object.entries(object)
  const at = random.below(entries.length)
  switch (random.below(4)) {
    case 0:
      return Object.fromEntries(entries.toSpliced(at, 1))
    case 1:
      return Object.fromEntries([...entries, [random.pick(TEXTS), strange(random)]])
    case 2:
      return Object.fromEntries(
        entries.map(([name, each], i) => [i === at ? changedText(name, random) : name, each])
      )
    default:
      return Object.values(object)
  }
}

/** As JSON, in which now and then a number is one that `JSON.stringify` cannot write, or a character is gone. */
export function asJson(data: Data, random: Random): string {
  const json = JSON.stringify(data)
  if (random.oneIn(12))
    return json.replace(/\d+/, random.pick(['1e999', '-1e999', '01', '1e-999', '9'.repeat(400)]))
  if (random.oneIn(12)) return json.slice(0, random.below(json.length))
  if (random.oneIn(24))
    return random.pick(['['.repeat(100_000), `${'{"a":'.repeat(50_000)}1`, '', 'null', '[]', '"x"'])
  if (random.oneIn(12)) return json.replace('{', '{"__proto__":{"steps":1},"constructor":null,')
  return json
}
