// Figures as people read them: one way to write a share, a loss, a count, wherever a report shows them.

/** What stands where there is no figure. */
export const NO_FIGURE = '–'

/** A share in per cent as it is shown; 100 only for all of them, so that 9,999 of 10,000 do not look perfect. */
export function shownPercent(share: number): number {
  const rounded = Math.round(1000 * share) / 10
  return rounded === 100 && share < 1 ? Math.min(Math.round(1e4 * share) / 100, 99.99) : rounded
}

/** `98.1 %`; a dash for what is not a number. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return NO_FIGURE
  return `${formatPoints(shownPercent(share))} %`
}

/** Percentage points: `1.7`, and `0.03` where one decimal would not do. */
export function formatPoints(points: number): string {
  return points.toFixed(Math.abs(points * 10 - Math.round(points * 10)) < 1e-6 ? 1 : 2)
}

/** Four decimals for the losses one meets, powers of ten for the others. */
export function formatLoss(loss: number): string {
  if (Number.isNaN(loss)) return 'NaN'
  if (!Number.isFinite(loss)) return loss > 0 ? '∞' : '−∞'
  const size = Math.abs(loss)
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? loss.toExponential(2) : loss.toFixed(4)
}

/** Up to four digits that count: `0.1`, `0.0005`, `3.125e-7`. */
export function formatRate(rate: number): string {
  if (!Number.isFinite(rate)) return NO_FIGURE
  return String(Number(rate.toPrecision(4)))
}

/** `12,345`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString('en-GB') : NO_FIGURE
}

/** `1 epoch`, `2 epochs`, `1,000 classes`. */
export function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** `0:42`, `12:03`, `1:02:03`; a dash for what is not known. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_FIGURE
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const padded = (part: number): string => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`
}
