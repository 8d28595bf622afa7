// Splits a long drawing into columns, between detours.
import type { Side } from './brackets.js'
import type { Layout, Range, Rows } from './layout.js'

// Up to this height, a single column.
const ONE_COLUMN = 1000
const MOST_COLUMNS = 12
// Aspect ratio of a landscape page.
const WANTED_ASPECT = 1.3
// Penalty for splitting a group: as a column that is 40 % too high.
const SPLITTING = 0.16

/** A row after which a column may end, and whether that splits a group. */
interface Cut {
  readonly row: number
  readonly splits: boolean
}

/** Columns down to a row, and their cost: squared relative excess heights. */
interface Way {
  readonly ranges: readonly Range[]
  readonly fault: number
}

/** Splits the rows of layouts side by side into columns of similar height with a page's aspect ratio. */
export function splitRows(
  { tops, heights }: Rows,
  layouts: readonly Layout[],
  sides: readonly Side[],
  columnWidth: number
): readonly Range[] {
  const last = tops.length - 1
  const total = tops[last] + heights[last]
  if (total <= ONE_COLUMN) return [[0, last]]
  const cuts = cleanCuts(layouts, sides)
  const attempts = Array.from({ length: MOST_COLUMNS }, (_, place): Way => {
    const { ranges, fault } = partRows({ tops, heights }, cuts, place + 1)
    const height = Math.max(...ranges.map(([from, to]) => tops[to] + heights[to] - tops[from]))
    const aspect = (ranges.length * columnWidth) / height
    return { ranges, fault: fault + Math.abs(Math.log(aspect / WANTED_ASPECT)) }
  })
  return attempts.reduce((best, each) => (each.fault < best.fault ? each : best)).ranges
}

/** Possible cuts: rows after which only main paths continue. */
function cleanCuts(layouts: readonly Layout[], sides: readonly Side[]): Cut[] {
  const groups = layouts.flatMap(({ plan: { rowOf } }) =>
    sides.map(({ nodes }) => [...nodes].flatMap(node => rowOf.get(node) ?? []))
  )
  const rows = Math.max(...layouts.map(({ plan }) => plan.rows))
  return Array.from({ length: rows - 1 }, (_, row) => row)
    .filter(row =>
      layouts.every(({ plan: { detours, rowOf, column } }) =>
        detours.every(({ source, target }) => {
          const from = rowOf.get(source) ?? 0
          return from > row || (from === row && column.includes(source)) || (rowOf.get(target) ?? 0) <= row
        })
      )
    )
    .map(row => ({
      row,
      splits: groups.some(group => group.some(at => at <= row) && group.some(at => at > row))
    }))
}

/** Splits rows into a given number of columns by dynamic programming over the cuts. */
function partRows({ tops, heights }: Rows, cuts: readonly Cut[], columns: number): Way {
  const end: Cut = { row: tops.length - 1, splits: false }
  const stops = [...cuts, end]
  const wanted = (tops[end.row] + heights[end.row]) / columns
  const faultOf = (first: number, { row, splits }: Cut): number =>
    ((tops[row] + heights[row] - tops[first]) / wanted - 1) ** 2 + (splits ? SPLITTING : 0)
  let ways: readonly Way[] = stops.map(stop => ({ fault: faultOf(0, stop), ranges: [[0, stop.row]] }))
  for (let column = 1; column < columns; column++) {
    const before = ways
    ways = stops.map((stop, place) =>
      before
        .slice(0, place)
        .map(({ fault, ranges }, earlier): Way => {
          const first = stops[earlier].row + 1
          return { fault: fault + faultOf(first, stop), ranges: [...ranges, [first, stop.row]] }
        })
        .reduce((best, each) => (each.fault < best.fault ? each : best), {
          fault: Infinity,
          ranges: before[place].ranges
        })
    )
  }
  return ways[ways.length - 1]
}
