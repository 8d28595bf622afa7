// The style sheet of a report: no font, picture or script from anywhere; light or dark as the reader's system is.

/** Stands inside the page's style element. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --back: #ffffff; --raised: #f5f6f8; --text: #1a1d21; --muted: #586069; --line: #d9dde2;
  --train: #0b62c4; --validation: #b4490a; --faint: #8fb4de;
  --right: 11 98 196; --wrong: 222 94 12;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171a; --raised: #1d2125; --text: #e8eaed; --muted: #a3adb8; --line: #363c43;
    --train: #6cb2ff; --validation: #ffab5c; --faint: #5581b5;
    --right: 84 160 245; --wrong: 240 130 50;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 76rem;
  background: var(--back); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif;
}
h1 { margin: 0 0 .5rem; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem; }
p { margin: .5rem 0; max-width: 46rem; }
section > p { color: var(--muted); font-size: .92rem; }
.reading { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--raised); border-left: 4px solid var(--train); border-radius: 4px; overflow-wrap: anywhere; }
.reading p { margin: 0; max-width: 60rem; font-size: 1.1rem; }
.reading ul { margin: .6rem 0 0; padding-left: 1.2rem; max-width: 60rem; }
pre { margin: .5rem 0; padding: .7rem 1rem; background: var(--raised); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; font: .88rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem 2rem; }
.chart { margin: 0; min-width: 0; }
.chart > svg { display: block; width: 100%; height: auto; }
figcaption { display: flex; flex-wrap: wrap; align-items: center; gap: .1rem 1rem; min-height: 2rem; }
figcaption small { color: var(--muted); }
.key { display: inline-flex; align-items: center; gap: .4rem; font-size: .88rem; color: var(--muted); }
.key svg { width: 28px; height: 14px; }
svg text { fill: var(--muted); font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--muted); stroke-width: 1; }
.curve { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.curve.train { stroke: var(--train); }
.curve.validation { stroke: var(--validation); stroke-dasharray: 6 4; }
.curve.faint { stroke: var(--faint); stroke-width: 1; }
.mark.train { fill: var(--train); }
.mark.validation { fill: var(--validation); }
.mark:hover { stroke: var(--text); stroke-width: 2; }
.scroll { overflow-x: auto; max-width: 100%; padding-bottom: .3rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th { font-weight: 600; text-align: left; }
th, td { padding: .3rem .7rem; }
.figures td, .figures thead th + th { text-align: right; }
.figures td { white-space: nowrap; }
.figures thead th { vertical-align: bottom; border-bottom: 2px solid var(--line); }
.figures tbody tr > * { border-bottom: 1px solid var(--line); }
.figures .best { background: var(--raised); }
.settings tr > * { border-bottom: 1px solid var(--line); vertical-align: top; }
.settings td { overflow-wrap: anywhere; }
.settings th { font-weight: 400; color: var(--muted); white-space: nowrap; }
.confusion td, .confusion thead th { border: 1px solid var(--line); }
.confusion td { min-width: 2.4rem; padding: .3rem .4rem; text-align: center; }
.confusion thead td { border: 0; }
.confusion tbody th { text-align: right; white-space: nowrap; max-width: 14rem; overflow: hidden; text-overflow: ellipsis; }
.confusion .upright { vertical-align: bottom; text-align: left; padding: .5rem .2rem; }
.upright span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; max-height: 12rem; overflow: hidden; text-overflow: ellipsis; }
.confusion .right { background: rgb(var(--right) / calc(var(--strength) * .5)); }
.confusion .wrong { background: rgb(var(--wrong) / calc(var(--strength) * .6)); }
.confusion .none { color: var(--muted); opacity: .7; }
.pairs { columns: 22rem; column-gap: 2rem; padding: 0; }
.pairs li { break-inside: avoid; margin-left: 2.2rem; overflow-wrap: anywhere; }
@media print { body { max-width: none; padding: 0; } .scroll { overflow: visible; } figure, tr { break-inside: avoid; } }
`
