// An explanation as one page that opens from a disk: pictures are inside, nothing is fetched, and the only script there is
// moves the opacity of the heat; a policy that names its hash forbids any other.
import { escapeHtml } from '../report/escape-html.js'
import { htmlPage } from '../report/html-page.js'
import { REPORT_STYLE } from '../report/report-style.js'
import { coloursOf, type ColourScale } from './colour-map.js'

/** The page's script. */
export const PAGE_SCRIPT =
  "const slider=document.getElementById('opacity');const heat=document.getElementById('heat');slider.addEventListener('input',()=>{heat.style.opacity=String(slider.valueAsNumber/100)})"
/** Its SHA-256 in base64, as a content security policy names it. */
export const PAGE_SCRIPT_HASH = 'RLZ2vODhaTaPF5Er+nx7bZ5Fnka2oo/fYdvqaZh2IfY='

const POLICY = `img-src data:; script-src 'sha256-${PAGE_SCRIPT_HASH}'`

const STYLE = `
.seen { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1.5rem 2rem; align-items: start; margin-top: 1.5rem; }
.seen figure { margin: 0; max-width: 34rem; }
.seen.small figure { max-width: 16rem; }
.stack { position: relative; line-height: 0; }
.stack img, .sheet img { width: 100%; height: auto; border-radius: 4px; }
.stack #heat { position: absolute; inset: 0; }
.seen figcaption { color: var(--muted); font-size: .92rem; padding-top: .3rem; }
.opacity { display: flex; align-items: center; gap: .8rem; margin-top: .6rem; font-size: .92rem; }
.opacity input { flex: 1; accent-color: var(--train); }
.legend { display: flex; align-items: center; gap: .6rem; font-size: .85rem; color: var(--muted); margin-top: .5rem; }
.legend i { flex: 1; height: .7rem; border-radius: 2px; }
.sheet { margin: 1.5rem 0 0; max-width: 64rem; }
.sheet img { image-rendering: pixelated; }
.classes td:last-child { width: 12rem; }
.classes .bar { display: block; height: .7rem; border-radius: 2px; background: var(--faint); }
.classes .chosen .bar { background: var(--train); }
.classes .chosen th { font-weight: 700; }
.classes tbody th { font-weight: 400; }
`

/** A row of the table of classes. */
export interface PageClass {
  readonly label: string
  /** 0 … 1 */
  readonly score: number
  /** Whether it is the one that is explained. */
  readonly isChosen: boolean
}

/** Everything on a page. Pictures are PNG files. */
export interface PageContent {
  readonly title: string
  /** What is to be seen, in a sentence or two. */
  readonly reading: string
  /** What the network was given. */
  readonly picture?: Uint8Array
  /** Heat over the picture, opaque, and how much of it covers the picture at first, 0 … 1. */
  readonly heat?: { readonly png: Uint8Array; readonly alpha: number; readonly colours: ColourScale }
  /** A contact sheet. */
  readonly sheet?: Uint8Array
  readonly classes: readonly PageClass[]
  /** Names and what they are: method, layer, network. */
  readonly facts: Readonly<Record<string, string>>
}

/** The page, whole. */
export function explainPage(content: PageContent): string {
  const { title, reading, picture, heat, sheet, classes, facts } = content
  return htmlPage({
    title,
    policy: POLICY,
    styles: [REPORT_STYLE + STYLE],
    body: [
      '<main>',
      `<h1>${escapeHtml(title)}</h1>`,
      `<div class="reading"><p>${escapeHtml(reading)}</p></div>`,
      ...(picture
        ? [
            `<div class="seen${heat ? '' : ' small'}">\n${heat ? heatFigure(picture, heat) : ''}${pictureFigure(picture)}</div>`
          ]
        : []),
      ...(sheet ? [`<figure class="sheet">${imageOf(sheet, 'contact sheet')}</figure>`] : []),
      ...(classes.length > 0
        ? ['<section>', '<h2>What the network answers</h2>', classTable(classes), '</section>']
        : []),
      '<section>',
      '<h2>How this was made</h2>',
      factTable(facts),
      '</section>',
      '</main>',
      ...(heat ? [`<script>${PAGE_SCRIPT}</script>`] : [])
    ]
  })
}

function heatFigure(picture: Uint8Array, { png, alpha, colours }: NonNullable<PageContent['heat']>): string {
  const percent = Math.round(100 * alpha)
  return [
    '<figure>',
    `<div class="stack">${imageOf(picture, 'the picture')}${imageOf(png, 'heat over the picture', `id="heat" style="opacity:${alpha}"`)}</div>`,
    `<label class="opacity">Picture <input id="opacity" type="range" min="0" max="100" value="${percent}" aria-label="opacity of the heat"> Heat</label>`,
    `<div class="legend">nothing <i style="background:${gradientOf(colours)}"></i> most</div>`,
    '</figure>',
    ''
  ].join('\n')
}

function pictureFigure(picture: Uint8Array): string {
  return `<figure>${imageOf(picture, 'the picture', 'style="width:100%;border-radius:4px"')}<figcaption>What the network was given</figcaption></figure>\n`
}

function gradientOf(scale: ColourScale): string {
  const colours = coloursOf(scale)
  const stops = Array.from({ length: 9 }, (_, i) => {
    const at = 3 * Math.round((i / 8) * 255)
    return `rgb(${colours.subarray(at, at + 3).join(' ')})`
  })
  return `linear-gradient(to right, ${stops.join(', ')})`
}

function classTable(classes: readonly PageClass[]): string {
  const rows = classes.map(({ label, score, isChosen }) => {
    const percent = (100 * score).toFixed(2)
    return `<tr${isChosen ? ' class="chosen"' : ''}><th>${escapeHtml(label)}</th><td>${percent}&nbsp;%</td><td><span class="bar" style="width:${percent}%"></span></td></tr>`
  })
  return `<table class="figures classes"><tbody>${rows.join('\n')}</tbody></table>`
}

function factTable(facts: PageContent['facts']): string {
  const rows = Object.entries(facts).map(
    ([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`
  )
  return `<table class="settings"><tbody>${rows.join('\n')}</tbody></table>`
}

function imageOf(png: Uint8Array, description: string, attributes = ''): string {
  return `<img alt="${description}" ${attributes} src="data:image/png;base64,${base64Of(png)}">`
}

const PART = 0x8000

function base64Of(bytes: Uint8Array): string {
  let text = ''
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += PART)
    text += String.fromCharCode(...bytes.subarray(at, at + PART))
  return btoa(text)
}
