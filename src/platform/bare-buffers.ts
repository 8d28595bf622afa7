// Messages with typed arrays as bare ArrayBuffers: Deno looks at each element of a posted typed array, for seconds where
// there are many, and at none of an ArrayBuffer.

const VIEWS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array
}
type ViewName = keyof typeof VIEWS

/** A typed array in a message. */
class BareView {
  constructor(
    readonly isBareView: ViewName,
    readonly buffer: ArrayBuffer,
    readonly byteOffset: number,
    readonly length: number
  ) {}
}

/** Replaces typed arrays by their buffers, in plain objects, arrays and maps of any depth. */
export function bareBuffers(message: unknown): unknown {
  if (!ArrayBuffer.isView(message)) return mapped(message, bareBuffers)
  const name = (message as Uint8Array)[Symbol.toStringTag]
  if (!Object.hasOwn(VIEWS, name)) return message
  const { buffer, byteOffset, length } = message as Uint8Array<ArrayBuffer>
  return new BareView(name, buffer, byteOffset, length)
}

/** The message as it was before `bareBuffers`. */
export function wholeViews(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message
  if (!('isBareView' in message)) return mapped(message, wholeViews)
  // Class instances arrive as plain objects.
  const { isBareView, buffer, byteOffset, length } = message as BareView
  return new VIEWS[isBareView](buffer, byteOffset, length)
}

function mapped(message: unknown, change: (part: unknown) => unknown): unknown {
  if (typeof message !== 'object' || message === null) return message
  if (Array.isArray(message)) {
    // Lists of numbers and of names can be long.
    return message.some(part => typeof part === 'object') ? message.map(change) : message
  }
  // Not `instanceof`: in a test runner's context, what arrives has the classes of another realm.
  const tag = Object.prototype.toString.call(message)
  if (tag === '[object Map]') {
    const entries = Array.from(message as Map<unknown, unknown>)
    return new Map(entries.map(([key, part]) => [key, change(part)]))
  }
  // Files, pictures and the like are posted as they are.
  if (tag !== '[object Object]') return message
  return Object.fromEntries(Object.entries(message).map(([key, part]) => [key, change(part)]))
}
