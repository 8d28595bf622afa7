// What a page with charts adds to a report's style sheet; uPlot's own comes before both.

/** Stands inside the page's style element, after the report's. */
export const FLOW_STYLE = `
:root { --plain: #b4490a; --residual: #0b62c4; --zeroInit: #1a7a3c; }
@media (prefers-color-scheme: dark) { :root { --plain: #ffab5c; --residual: #6cb2ff; --zeroInit: #6fd48f; } }
.muted { color: var(--muted); font-size: .92rem; }
.reading > ul:first-child { margin-top: 0; }
.reading li + li, .reading p + p { margin-top: .35rem; }
.charts { margin-top: 1rem; gap: 2rem; }
.plot { width: 100%; min-height: 280px; }
.u-legend { color: var(--text); font-size: .85rem; font-variant-numeric: tabular-nums; text-align: left; margin: 0; }
.u-legend .u-series > * { padding: 2px 4px; }
.u-inline tr { margin-right: 10px; }
.u-select { background: color-mix(in srgb, var(--residual) 18%, transparent); }
.u-cursor-x, .u-cursor-y { border-color: var(--muted) !important; }
.slider { display: flex; align-items: center; gap: .6rem; font-size: .9rem; color: var(--muted); margin-top: .3rem; }
.slider input { flex: 1; min-width: 6rem; accent-color: var(--residual); height: 1.6rem; }
.slider output { min-width: 11rem; color: var(--text); font-variant-numeric: tabular-nums; }
.ramp { display: flex; align-items: center; gap: .6rem; font-size: .85rem; color: var(--muted); }
.ramp i { flex: 0 1 8rem; height: 6px; border-radius: 3px; background: linear-gradient(to right in hsl increasing hue, hsl(225 70% 55%), hsl(5 70% 55%)); }
.said { margin: .1rem 0 0; font-size: .85rem; min-height: 1.4em; font-variant-numeric: tabular-nums; }
.figures th small { color: var(--muted); font-weight: 400; }
.figures tbody th { white-space: nowrap; }
.chart figcaption small { flex-basis: 100%; }
@media (max-width: 30rem) { .figures tbody th { white-space: normal; } .figures tbody th small { display: block; } .slider { flex-wrap: wrap; } .slider output { min-width: 100%; } }
`
