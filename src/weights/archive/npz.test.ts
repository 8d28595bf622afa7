// What is refused; what is read: src/weights/pickle/pickled-objects.test.ts.
import { describe, expect, it } from 'vitest'
import { readWeights } from '../read-weights.js'
import { faultOf } from '../testing/fault-of.js'
import { concat, latin1, little, zipOf } from '../testing/hostile-files.js'

function npy(header: string, data = new Uint8Array(4), version = '\x01\0'): Uint8Array {
  const size = version === '\x01\0' ? 2 : 4
  return concat('\x93NUMPY', version, little(header.length, size), header, data)
}

const npz = (bytes: Uint8Array): Uint8Array => zipOf({ name: 'w.npy', bytes })
const FLOAT = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"

describe('.npz', () => {
  it.each([
    ['version 1', npy(`${FLOAT}   \n`)],
    ['version 2', npy(FLOAT, new Uint8Array(4), '\x02\0')]
  ])('of %s is read', async (_, file) => {
    const { w } = Object.fromEntries(await readWeights(npz(file)))
    expect([w.dtype, w.shape]).toEqual(['float32', [1]])
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['that is no array', latin1('no array at all'), /"w\.npy", which is no NumPy array/],
    ['that is empty', new Uint8Array(0), /which is no NumPy array/],
    ['whose header is no dict', npy('import os'), /of a dtype that no tensor here has: "import os"/],
    ['of objects', npy(FLOAT.replace('<f4', '|O')), /of a dtype that no tensor here has/],
    ['in big-endian order', npy(FLOAT.replace('<', '>')), /of a dtype that no tensor here has/],
    ['of records', npy(FLOAT.replace("'<f4'", "[('a', '<f4')]")), /of a dtype that no tensor here has/],
    ['that is too short', npy(FLOAT.replace('(1,)', '(2,)')), /of shape \[2\] with 4 bytes/],
    ['that is too long', npy(FLOAT.replace('(1,)', '()'), new Uint8Array(8)), /of shape \[\] with 8 bytes/],
    ['of 2⁵⁰ elements', npy(FLOAT.replace('(1,)', '(1125899906842624,)')), /dtype|with 4 bytes/],
    // A pattern that may cut these digits in many ways tries them all.
    ['of endless digits', npy(FLOAT.replace('1,', `${'1'.repeat(5000)}x`)), /of a dtype that no tensor/],
    ['of too many dimensions', npy(FLOAT.replace('1,', '1, '.repeat(65))), /of a dtype that no tensor/],
    ['of a size without digits', npy(FLOAT.replace('1,', '1,,1')), /of a dtype that no tensor/],
    ['that ends in its header', npy(FLOAT).subarray(0, 30), /of a dtype that no tensor here has/]
  ])('with an array %s is refused', async (_, file, fault) => {
    expect(await faultOf(npz(file))).toMatch(fault)
  })
})
