// What Python's own names make: containers, bytes, and the way to objects of classes.
// Source: CPython's collections, copyreg and _codecs.
import { Fault } from '../../base/errors.js'
import { dictKey, Opaque, PickleGlobal, Settings, Tuple } from './pickle-values.js'

/** What a script was called with. */
const SETTINGS = ['argparse.Namespace', 'types.SimpleNamespace']

export const PYTHON_GLOBALS: readonly PickleGlobal[] = [
  new PickleGlobal('collections.OrderedDict', ([pairs = []]) => dictOfPairs(pairs)),
  new PickleGlobal('collections.Counter', ([counts]) => new Map(counts instanceof Map ? counts : [])),
  // Its factory, which fills in what is missing, is not kept.
  new PickleGlobal('collections.defaultdict', () => new Map()),
  ...SETTINGS.map(name => new PickleGlobal(name, () => new Settings(name))),
  new PickleGlobal('_codecs.encode', encode),
  // Of bytes, protocol 2 writes a call only where there are none.
  ...['builtins', '__builtin__'].flatMap(module =>
    ['bytearray', 'bytes'].map(name => new PickleGlobal(`${module}.${name}`, bytesOf))
  ),
  ...['copyreg', 'copy_reg'].map(module => new PickleGlobal(`${module}._reconstructor`, reconstruct))
]

function dictOfPairs(pairs: unknown): Map<unknown, unknown> {
  if (!Array.isArray(pairs)) throw new Fault('its pickle makes an OrderedDict of something that is no list')
  return new Map(
    pairs.map((value: unknown): [unknown, unknown] => {
      const pair = value instanceof Tuple ? value.items : value
      if (Array.isArray(pair) && pair.length === 2) return [dictKey(pair[0]), pair[1]]
      throw new Fault('its pickle makes an OrderedDict of items that are no pairs')
    })
  )
}

/** Bytes, which protocol 2 writes as a text of as many characters. */
function encode([text, encoding]: readonly unknown[]): unknown {
  const isLatin1 = typeof encoding === 'string' && /^latin[-_]?1$/i.test(encoding)
  if (typeof text !== 'string' || !isLatin1) return new Opaque('_codecs.encode')
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0xff) throw new Fault('its pickle has bytes that are no bytes')
    bytes[i] = code
  }
  return bytes
}

function bytesOf([content, encoding]: readonly unknown[]): unknown {
  if (content === undefined) return new Uint8Array(0)
  return content instanceof Uint8Array ? content : encode([content, encoding])
}

/** An object of a class, which is not made. */
function reconstruct([type]: readonly unknown[]): Opaque {
  if (type instanceof PickleGlobal && SETTINGS.includes(type.name)) return new Settings(type.name)
  return new Opaque(type instanceof PickleGlobal ? type.name : 'copyreg._reconstructor')
}
