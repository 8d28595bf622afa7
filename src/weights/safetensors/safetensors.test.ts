// Safetensors headers that are damaged or malicious.
import { describe, expect, it } from 'vitest'
import { readWeights } from '../read-weights.js'
import { faultOf } from '../testing/fault-of.js'
import { processorTime } from '../testing/processor-time.js'
import { concat, repeat, safetensors } from '../testing/hostile-files.js'

const entry = (
  name: string,
  start: number,
  end: number,
  shape = [(end - start) / 4],
  dtype = 'F32'
): string => `"${name}":${JSON.stringify({ dtype, shape, data_offsets: [start, end] })}`

describe('safetensors', () => {
  it('are read with empty tensors, scalars, metadata and padding in the header', async () => {
    const names = [entry('b', 0, 12), entry('none', 12, 12), entry('__proto__', 12, 16, [])]
    const state = await readWeights(safetensors(`{"__metadata__":{"a":"{"}, ${names.join(',')} }  `))
    expect(Array.from(state, ([name, { shape }]) => [name, shape])).toEqual([
      ['b', [3]],
      ['none', [0]],
      ['__proto__', []]
    ])
  })

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a header of 2⁶³ bytes',
      safetensors('{}', { length: 2 ** 63 }),
      /its header has 9223372036854776000 bytes/
    ],
    ['a header of 2⁶⁴ − 1 bytes', concat(repeat('\xff', 8), '{}'), /is truncated: its header has/],
    [
      'a header longer than the file',
      safetensors('{}', { length: 19, data: 16 }),
      /has 19 bytes, the file 26/
    ],
    ['a header of 96 MiB', safetensors(repeat('{', 96 * 2 ** 20)), /at most 100000000 are allowed/],
    ['no end of its header', safetensors('{"a":'), /not the JSON that was expected/],
    ['something after its header', safetensors('{} {}'), /has text after its end/],
    ['arrays without end', safetensors(`{"a":${'['.repeat(100_000)}`), /nested too deeply/],
    [
      '200,000 empty tensors',
      safetensors(
        `{${Array.from({ length: 200_000 }, (_, i) => `"${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join(',')}}`
      ),
      /more than \d+ (members in one object|arrays and objects), as no file of weights has/
    ],
    [
      'an array of 2,000 numbers',
      safetensors(`{"a":[${'0,'.repeat(2000)}0]}`),
      /more than 1024 items in one array/
    ],
    ['a number that begins with 0', safetensors('{"a":[01]}'), /not the JSON that was expected/],
    ['a negative zero', safetensors('{"a":[-0]}'), /not the JSON that was expected/],
    [
      'a million objects',
      safetensors(concat('{"__metadata__":[', repeat('{},', 1_500_000), '{}]}')),
      /more than 1024 items in one array/
    ],
    ['a string without end', safetensors(`{"${'a'.repeat(100_000)}`), /a string without an end/],
    ['a string with a line break', safetensors('{"a\nb":1}'), /where a string was expected/],
    ['a key that is a number', safetensors('{1:2}'), /where a string was expected/],
    ['a null', safetensors('{"w":null}'), /not the JSON/],
    ['a number for a tensor', safetensors('{"w":1}'), /"w" lacks a dtype/],
    ['no shape', safetensors('{"w":{"dtype":"F32","data_offsets":[0,16]}}'), /"w" lacks a dtype, a shape/],
    ['three offsets', safetensors('{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,8,16]}}'), /"w" lacks/],
    ['text that is not UTF-8', safetensors(concat('{"\xff":1}')), /not UTF-8/],
    [
      'a tensor past the end',
      safetensors(`{${entry('w', 0, 32)}}`),
      /its tensors take 32 bytes, 16 are there/
    ],
    [
      'a tensor far past the end',
      safetensors(`{${entry('w', 0, 2 ** 52)}}`),
      /its tensors take 4503599627370496/
    ],
    ['offsets the wrong way round', safetensors(`{${entry('w', 16, 0, [4])}}`), /has -16 bytes/],
    ['a negative offset', safetensors(`{${entry('w', -16, 0, [4])}}`), /"w" lacks/],
    ['a fractional offset', safetensors(`{${entry('w', 0.5, 16, [4])}}`), /not the JSON that was expected/],
    [
      'a shape that overflows',
      safetensors(`{${entry('w', 0, 16, [2 ** 32, 2 ** 32, 0])}}`),
      /impossible shape/
    ],
    ['a shape that rounds to its size', safetensors(`{${entry('w', 0, 16, [2 ** 53, 4])}}`), /lacks/],
    [
      '65 dimensions',
      safetensors(
        `{${entry(
          'w',
          0,
          4,
          Array.from({ length: 65 }, () => 1)
        )}}`
      ),
      /65 dimensions/
    ],
    [
      'a million dimensions',
      safetensors(
        `{${entry(
          'w',
          0,
          4,
          Array.from({ length: 1e6 }, () => 9)
        )}}`
      ),
      /more than 1024 items in one array/
    ],
    ['a dtype nobody knows', safetensors(`{${entry('w', 0, 16, [16], 'F8_E8M0')}}`), /dtype "F8_E8M0"/],
    [
      'overlapping tensors',
      safetensors(`{${entry('a', 0, 16)},${entry('b', 8, 16)}}`),
      /"b" overlaps the tensor before/
    ],
    ['one place for two tensors', safetensors(`{${entry('a', 0, 16)},${entry('b', 0, 16)}}`), /"b" overlaps/],
    ['a hole', safetensors(`{${entry('a', 8, 16)}}`), /leaves a hole before it/],
    ['bytes after its tensors', safetensors(`{${entry('a', 0, 12)}}`), /4 bytes after its last tensor/],
    ['a name twice', safetensors(`{${entry('a', 0, 16)},${entry('a', 0, 16)}}`), /the key "a" twice/],
    [
      'a bool that is neither',
      concat(safetensors(`{${entry('w', 0, 2, [2], 'BOOL')}}`, { data: 0 }), '\x01\x02'),
      /"w" is bool and has a byte/
    ]
  ])('with %s are refused', async (_, bytes, fault) => {
    const start = processorTime()
    expect(await faultOf(bytes)).toMatch(fault)
    expect(processorTime() - start).toBeLessThan(3000)
  })
})
