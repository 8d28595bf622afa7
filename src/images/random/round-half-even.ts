// Rounding as Python does it, which sizes and places of crops depend on.

/** Half-way cases go to the even neighbour (Python: `round`). */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
