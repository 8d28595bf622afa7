// A share as a percentage, the same in every language of the page.

/** `0.9876` is `98.8 %`; a share above zero never reads as zero. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %'
  return `${(100 * share).toFixed(1)} %`
}
