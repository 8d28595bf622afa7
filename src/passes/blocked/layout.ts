// Where the images of a graph lie: as they are, in blocked memory, or both; each form is made when something first asks for it.
import { apply } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'

/** The forms of a graph's values, found by their originals. */
export class Layout {
  readonly #plain = new Map<Value, Value>()
  readonly #blocked = new Map<Value, Value>()
  readonly #made = new Map<string, Value>()

  /** @param block the channels of a block. */
  constructor(readonly block: number) {}

  /** Says where a value lies. */
  put(original: Value, form: { readonly blocked: Value } | { readonly plain: Value }): void {
    if ('blocked' in form) this.#blocked.set(original, form.blocked)
    else this.#plain.set(original, form.plain)
  }

  /** Whether a value lies in blocks of itself, without being moved there. */
  livesBlocked(original: Value): boolean {
    return this.#blocked.has(original) && !this.#plain.has(original)
  }

  canBeBlocked({ shape, dtype }: Value): boolean {
    return (
      shape.length === 4 && dtype === 'float32' && !shape.includes('N') && Number(shape[1]) % this.block === 0
    )
  }

  plain(original: Value): Value {
    const known = this.#plain.get(original)
    if (known) return known
    const blocked = this.#blocked.get(original)
    if (!blocked) return original
    return this.once(`plain ${blocked.id}`, () => apply('fromBlocked', [blocked], { block: this.block }))
  }

  blocked(original: Value): Value {
    const known = this.#blocked.get(original)
    if (known) return known
    const plain = this.plain(original)
    return this.once(`blocked ${plain.id}`, () => apply('toBlocked', [plain], { block: this.block }))
  }

  /** What a value has become, in the form that it lies in. */
  formOf(original: Value): Value {
    return this.#blocked.get(original) ?? this.#plain.get(original) ?? original
  }

  /** What several rules need, made once. */
  once(key: string, make: () => Value): Value {
    const known = this.#made.get(key)
    if (known) return known
    const value = make()
    this.#made.set(key, value)
    return value
  }
}
