// Python's pickle, read as data. Protocols 1 to 5: torch cannot save a storage with protocol 0.
import { Fault } from '../../base/errors.js'
import { PickleMachine, type PickleHost } from './pickle-machine.js'
import { OPCODES } from './pickle-opcodes.js'

/** Bytes one pickle may have: fifty thousand tensors' names and shapes. */
export const MAX_PICKLE_BYTES = 8 * 2 ** 20

const STOP = 0x2e

/**
 * Reads the pickle that starts at `start`.
 * @throws Fault for an opcode or a name that is not on the lists, or bytes that are no pickle.
 */
export function unpickle(bytes: Uint8Array, host: PickleHost, start = 0): { value: unknown; end: number } {
  const machine = new PickleMachine(bytes, host, start)
  for (;;) {
    const at = machine.position
    const code = machine.uint(1)
    if (code === STOP) return { value: machine.pop(), end: machine.position }
    const opcode = OPCODES.get(code)
    if (opcode === undefined) {
      const hex = code.toString(16).padStart(2, '0')
      throw new Fault(`its pickle has opcode 0x${hex} at byte ${at}, which no file of weights needs`)
    }
    opcode.run(machine)
  }
}
