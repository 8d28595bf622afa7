// Reads numbers that people type, as strictly as JSON does.

// As in JSON, also without a digit on one side of the point: neither 01 nor 0x1 is one.
const DECIMAL = /^-?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i
const WHOLE = /^-?(0|[1-9]\d*)$/

/** A decimal number; NaN for anything else, and for a negative zero, which is a slip. */
export function readDecimal(text: string): number {
  return DECIMAL.test(text) ? withoutNegativeZero(Number(text)) : NaN
}

/** A whole number in digits; NaN for anything else. */
export function readWhole(text: string): number {
  return WHOLE.test(text) ? withoutNegativeZero(Number(text)) : NaN
}

function withoutNegativeZero(value: number): number {
  return Object.is(value, -0) ? NaN : value
}
