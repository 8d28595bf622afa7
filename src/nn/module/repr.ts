// The text that torch prints for a module: one line for a leaf, a nested block for a container.
// Follows torch.nn.Module.__repr__.

/**
 * Whose text to print: `torch` is today's (from 2.12 on, where normalisations say `bias=True`), `torch-1.13` that of 1.1 to 2.11,
 * and `torch-1.0` the older form that many study notes show (`ReLU(inplace)`).
 */
export type ReprStyle = 'torch' | 'torch-1.13' | 'torch-1.0'
export const REPR_STYLES: readonly ReprStyle[] = ['torch', 'torch-1.13', 'torch-1.0']

export interface Printable {
  readonly typeName: string
  extraRepr(style: ReprStyle): string
  namedChildren(): Iterable<readonly [string, Printable]>
}

/** `BasicBlock(\n  (conv1): Conv2d(…)\n …)` */
export function repr(module: Printable, style: ReprStyle): string {
  const extra = module.extraRepr(style)
  const children = [...module.namedChildren()].map(
    ([name, child]) => `(${name}): ${repr(child, style).replaceAll('\n', '\n  ')}`
  )
  if (children.length === 0) return `${module.typeName}(${extra})`
  const lines = extra === '' ? children : [extra, ...children]
  return `${module.typeName}(\n  ${lines.join('\n  ')}\n)`
}

/** A boolean as Python prints it. */
export function pyBool(value: boolean): string {
  return value ? 'True' : 'False'
}

/** A number as Python prints a float: `0.1`, `1e-05`, `1.0`. */
export function pyFloat(value: number): string {
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** Numbers as Python prints a tuple: `(3, 3)`, `(3,)`. */
export function pyTuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`
}
