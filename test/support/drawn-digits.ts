// Hand-drawn digits, one of each: strokes on a canvas of 100 × 100, as alternating x and y.
type Stroke = readonly number[]

const arc = (
  [x, y]: readonly [number, number],
  [across, down]: readonly [number, number],
  [from, to]: readonly [number, number]
): Stroke =>
  Array.from({ length: 17 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 16) * Math.PI) / 180
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)]
  }).flat()

/** The strokes of each digit. */
export const DRAWN_DIGITS: readonly (readonly Stroke[])[] = [
  [arc([50, 50], [26, 42], [-90, 270])],
  [[34, 28, 52, 8, 52, 92]],
  [[...arc([50, 32], [26, 24], [-170, 30]), 24, 92, 78, 92]],
  [[...arc([46, 30], [26, 22], [-150, 90]), ...arc([46, 70], [30, 22], [-90, 150])]],
  [
    [60, 8, 20, 64, 82, 64],
    [62, 36, 62, 94]
  ],
  [
    [30, 10, 27, 44, ...arc([48, 66], [28, 26], [-120, 150])],
    [30, 10, 76, 10]
  ],
  [[62, 8, 34, 40, 24, 66, ...arc([48, 70], [24, 22], [170, 530])]],
  [
    [20, 12, 78, 12, 40, 92],
    [32, 50, 68, 50]
  ],
  [[...arc([50, 29], [21, 20], [90, 450]), ...arc([50, 70], [26, 22], [-90, 270])]],
  [[...arc([46, 32], [24, 24], [0, 360]), 70, 32, 66, 92]]
]
