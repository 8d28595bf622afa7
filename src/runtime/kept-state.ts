// Tensors that stay in the worker from run to run. Each that a program changes has two places: a run reads one and
// writes the other, and only a run that went well makes them change roles.
import type { Tensor } from 'onnxruntime-node'
import type { StateSlot } from './engine.js'
import { fromWire, toWire } from './ort-tensors.js'
import type { WireTensors } from './protocol.js'

interface Kept {
  now: Tensor
  /** Where the next value goes; made when it is first needed. */
  next: Tensor | undefined
}

/** Named tensors that programs read and change. */
export class KeptState {
  readonly #tensors = new Map<string, Kept>()

  /** Replaces tensors of the same form, or adds new ones. */
  write(tensors: WireTensors): void {
    for (const [name, wire] of Object.entries(tensors)) {
      const known = this.#tensors.get(name)?.now
      const given = fromWire(wire)
      if (known && formOf(known) !== formOf(given)) {
        throw new Error(`the state's ${name} is ${formOf(known)}, not ${formOf(given)}`)
      }
    }
    for (const [name, wire] of Object.entries(tensors)) {
      this.#tensors.set(name, { now: fromWire(wire), next: this.#tensors.get(name)?.next })
    }
  }

  /** Copies tensors, since runs go on changing the memory they are in. */
  read(names: readonly string[] = [...this.#tensors.keys()]): WireTensors {
    return Object.fromEntries(
      names.map(name => {
        const wire = toWire(this.#find(name).now)
        return [name, { ...wire, data: wire.data.slice() }]
      })
    )
  }

  /** What a program is fed. */
  feeds(slots: readonly StateSlot[]): Record<string, Tensor> {
    return Object.fromEntries(
      slots.flatMap(({ name, input }) =>
        input === undefined ? [] : [[input, this.#find(name).now] as const]
      )
    )
  }

  /** Where a program's next values go. */
  places(slots: readonly StateSlot[]): Record<string, Tensor> {
    return Object.fromEntries(
      slots.flatMap(({ name, output }) => {
        if (output === undefined) return []
        const kept = this.#find(name)
        kept.next ??= likeness(kept.now)
        return [[output, kept.next]]
      })
    )
  }

  /** Makes what a run wrote the present. */
  commit(slots: readonly StateSlot[]): void {
    for (const { name, output } of slots) {
      const kept = this.#find(name)
      if (output !== undefined && kept.next) [kept.now, kept.next] = [kept.next, kept.now]
    }
  }

  #find(name: string): Kept {
    const kept = this.#tensors.get(name)
    if (!kept) throw new Error(`the state has no tensor named ${name}`)
    return kept
  }
}

function likeness(tensor: Tensor): Tensor {
  const wire = toWire(tensor)
  return fromWire({ ...wire, data: wire.data.slice() })
}

function formOf({ type, dims }: Tensor): string {
  return `${type}[${dims.join(', ')}]`
}
