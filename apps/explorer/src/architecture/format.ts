// Formats of numbers and shapes.
import type { Shape } from 'resnet-ts'

/** A shape without its batch: `64 × 56 × 56`. */
export function formatShape(shape: Shape): string {
  return (shape.length > 1 ? shape.slice(1) : shape).join(' × ')
}

const UNITS = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k']
] as const

/** A number in three digits: `11.7 M`. */
export function compact(count: number): string {
  const [unit, name] = UNITS.find(([least]) => count >= 0.9995 * least) ?? [1, '']
  const digits = (count / unit).toPrecision(3)
  return name === '' ? String(count) : `${Number(digits)} ${name}`
}

/** All digits of a whole number, in groups. By hand: the first `toLocaleString` of a page takes longer than a frame. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** A share of a whole in per cent. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  const share = (100 * part) / whole
  return `${share < 0.1 && share > 0 ? '< 0.1' : share.toFixed(1)} %`
}

export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
