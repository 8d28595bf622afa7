// Formats figures for reports: percentages, losses, rates, counts, durations.

/** Replaces a missing figure. */
export const NO_FIGURE = '–'

/** A fraction as a rounded percentage; 100 only for 1, so that 9,999 of 10,000 do not look perfect. */
export function shownPercent(share: number): number {
  const rounded = Math.round(1000 * share) / 10
  return rounded === 100 && share < 1 ? Math.min(Math.round(1e4 * share) / 100, 99.99) : rounded
}

/** `98.1 %`; a dash if the fraction is not finite. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return NO_FIGURE
  return `${formatPoints(shownPercent(share))} %`
}

/** Percentage points with one decimal, or two if needed: `1.7`, `0.03`. */
export function formatPoints(points: number): string {
  return points.toFixed(Math.abs(points * 10 - Math.round(points * 10)) < 1e-6 ? 1 : 2)
}

/** Four decimals for common losses, scientific notation for very small and large ones. */
export function formatLoss(loss: number): string {
  if (Number.isNaN(loss)) return 'NaN'
  if (!Number.isFinite(loss)) return loss > 0 ? '∞' : '−∞'
  const size = Math.abs(loss)
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? loss.toExponential(2) : loss.toFixed(4)
}

/** Up to four significant digits: `0.1`, `0.0005`, `3.125e-7`. */
export function formatRate(rate: number): string {
  if (!Number.isFinite(rate)) return NO_FIGURE
  return String(Number(rate.toPrecision(4)))
}

/** `12,345`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString('en-GB') : NO_FIGURE
}

/** `512 bytes`, `3.1 kB`, `46.8 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte', 'bytes')
  const [unit, size] = bytes < 1e6 ? ['kB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9]
  return `${(bytes / size).toFixed(1)} ${unit}`
}

/** `1 epoch`, `2 epochs`, `1,000 classes`. */
export function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** `there is 1 class`, `there are 3 classes`. */
export function thereAre(count: number, one: string, many: string): string {
  return `there ${count === 1 ? 'is' : 'are'} ${counted(count, one, many)}`
}

/** `0:42`, `12:03`, `1:02:03`; a dash if the duration is unknown. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_FIGURE
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const padded = (part: number): string => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`
}
