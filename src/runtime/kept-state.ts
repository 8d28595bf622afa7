// Tensors that stay in the worker. A run reads them and writes the next ones, which become current only if it succeeded.
import type { Tensor } from 'onnxruntime-common'
import { formatShape } from '../tensor/tensor.js'
import type { StateSlot } from './engine.js'
import type { WireTensor, WireTensors } from './protocol.js'
import type { StateMemory } from './ort-runtime.js'

interface Kept {
  now: Tensor
  /** Where the next value is written; allocated when it is first needed, in some builds by the runtime itself. */
  next: Tensor | undefined
}

export class KeptState {
  readonly #tensors = new Map<string, Kept>()
  readonly #memory: StateMemory

  constructor(memory: StateMemory) {
    this.#memory = memory
  }

  /** Replaces tensors of the same shape and dtype, or adds new ones. */
  write(tensors: WireTensors): void {
    for (const [name, wire] of tensors) {
      const known = this.#tensors.get(name)?.now
      const [before, now] = [known && formOf(known.type, known.dims), formOf(wire.dtype, wire.shape)]
      if (known && before !== now) throw new Error(`the state's ${name} is ${before}, not ${now}`)
    }
    for (const [name, wire] of tensors) {
      const known = this.#tensors.get(name)
      this.#tensors.set(name, { now: this.#memory.keep(wire), next: known?.next })
      if (known) this.#memory.free(known.now)
    }
  }

  async read(names: readonly string[] = [...this.#tensors.keys()]): Promise<WireTensors> {
    const found = names.map(name => [name, this.#find(name).now] as const)
    const read = new Map<string, WireTensor>()
    // One after the other: downloads from a GPU must not overlap.
    for (const [name, tensor] of found) read.set(name, await this.#memory.read(tensor))
    return read
  }

  feeds(slots: readonly StateSlot[]): Record<string, Tensor> {
    return Object.fromEntries(
      slots.flatMap(({ name, input }) =>
        input === undefined ? [] : [[input, this.#find(name).now] as const]
      )
    )
  }

  /** The buffers for a program's next values, as far as they are allocated before it runs. */
  places(slots: readonly StateSlot[]): Record<string, Tensor> {
    return Object.fromEntries(
      slots.flatMap(({ name, output }) => {
        if (output === undefined) return []
        const kept = this.#find(name)
        kept.next ??= this.#memory.placeFor(kept.now)
        return kept.next ? [[output, kept.next]] : []
      })
    )
  }

  /** Commits what a run wrote, or discards it; `results` has the values that the runtime allocated itself. */
  settle(slots: readonly StateSlot[], results: Readonly<Record<string, Tensor>>, isGood: boolean): void {
    for (const { name, output } of slots) {
      if (output === undefined) continue
      const kept = this.#find(name)
      if (kept.next) {
        if (isGood) [kept.now, kept.next] = [kept.next, kept.now]
      } else if (isGood) {
        this.#memory.free(kept.now)
        kept.now = results[output]
      } else this.#memory.free(results[output])
    }
  }

  free(): void {
    for (const { now, next } of this.#tensors.values()) {
      this.#memory.free(now)
      if (next) this.#memory.free(next)
    }
    this.#tensors.clear()
  }

  #find(name: string): Kept {
    const kept = this.#tensors.get(name)
    if (!kept) throw new Error(`the state has no tensor named ${name}`)
    return kept
  }
}

function formOf(type: string, shape: readonly number[]): string {
  return `${type}${formatShape(shape)}`
}
