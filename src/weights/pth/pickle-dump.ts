// Tensors that pickle.dump or joblib.dump wrote: each storage is a file of torch.save, of the format from 2017 to 2020, in the
// pickle's bytes. Source: torch/storage.py `__reduce__` and `_load_from_bytes`.
import { Fault } from '../../base/errors.js'
import { itemSize } from '../../tensor/dtype.js'
import { dataView, readUint64 } from '../bytes.js'
import type { PickleHost } from '../pickle/pickle-machine.js'
import { Opaque, PickleGlobal } from '../pickle/pickle-values.js'
import { Storage } from '../pickle/pickled-tensor.js'
import { unpickle } from '../pickle/unpickle.js'
import { PLAIN_HOST, storageOf, torchGlobal } from './torch-objects.js'

const LOAD = 'torch.storage._load_from_bytes'
/** Magic number, version and system stand before the storage. */
const BEFORE = 3
const COUNT_BYTES = 8

/** Reads a pickle that may be one of `pickle.dump`. */
export function dumpHost(): PickleHost {
  // A pickle may recall the same bytes without end.
  const known = new WeakMap<Uint8Array, Storage | Opaque>()
  const load = ([bytes]: readonly unknown[]): Storage | Opaque => {
    if (!(bytes instanceof Uint8Array)) throw new Fault('its pickle loads a storage of what is no bytes')
    const storage = known.get(bytes) ?? storageIn(bytes)
    known.set(bytes, storage)
    return storage
  }
  return { ...PLAIN_HOST, global: name => (name === LOAD ? new PickleGlobal(LOAD, load) : torchGlobal(name)) }
}

function storageIn(bytes: Uint8Array): Storage | Opaque {
  let at = 0
  for (let i = 0; i < BEFORE; i++) at = unpickle(bytes, PLAIN_HOST, at).end
  const { value, end } = unpickle(bytes, { global: torchGlobal, persistent: storageOf }, at)
  if (value instanceof Opaque) return value
  if (!(value instanceof Storage)) throw new Fault('its pickle loads a storage of bytes that hold none')
  const { key, dtype, total, offset, numel } = value
  const start = unpickle(bytes, PLAIN_HOST, end).end + COUNT_BYTES
  const length = total * itemSize(dtype)
  if (start + length > bytes.length || readUint64(dataView(bytes), start - COUNT_BYTES) !== total)
    throw new Fault(`its pickle holds a storage of ${total} ${dtype} that is not whole`)
  return new Storage(key, dtype, total, offset, numel, bytes.subarray(start, start + length))
}
