// Checks a program's inputs before they leave the thread: a kernel's own message would name its internals.
import { formatShape, sizeOf, Tensor } from '../tensor/tensor.js'
import { EngineError, type NamedTensors, type ProgramPort } from './engine.js'

/**
 * Checks inputs against a program's ports; every `'N'` has to be the same size.
 * @throws EngineError that lists everything that is wrong.
 */
export function checkInputs(ports: readonly ProgramPort[], inputs: NamedTensors): void {
  const faults: string[] = []
  let batch: number | undefined
  for (const { name, dtype, shape } of ports) {
    const given = inputs[name]
    if (given === undefined) {
      faults.push(`input ${name} is missing`)
      continue
    }
    // JavaScript callers may pass anything.
    if (!(given instanceof Tensor)) {
      faults.push(`input ${name}: expected a Tensor, got ${given === null ? 'null' : typeof given}`)
      continue
    }
    if (given.data.length !== sizeOf(given.shape)) {
      faults.push(`input ${name}: its memory was transferred by an earlier run with { transfer: true }`)
      continue
    }
    const fits =
      given.dtype === dtype &&
      given.shape.length === shape.length &&
      shape.every((dim, axis) => {
        const size = given.shape[axis]
        if (dim !== 'N') return size === dim
        batch ??= size
        return size === batch && size > 0
      })
    if (!fits) {
      const expected = `${dtype}${formatShape(shape)}`
      faults.push(`input ${name}: expected ${expected}, got ${given.dtype}${formatShape(given.shape)}`)
    }
  }
  const known = new Set(ports.map(port => port.name))
  faults.push(...Object.keys(inputs).flatMap(name => (known.has(name) ? [] : [`input ${name} is not known`])))
  if (faults.length > 0) throw new EngineError(faults.join('; '))
}
