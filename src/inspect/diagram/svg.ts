// Writes a drawing as self-contained SVG with one style sheet; tooltips show a box's details.
import type { NodeRole } from './describe.js'
import type { DiagramTheme } from './diagram-choices.js'
import { JOIN_RADIUS, type Point } from './layout.js'
import type { DiagramBox, DiagramLabel, DiagramLayout, DiagramLine } from './positions.js'
import { FONT_FAMILY } from './text-width.js'

const HEAD = { length: 7, half: 3.5 }

export function writeSvg(
  { x, y, width, height, lines, boxes, labels }: DiagramLayout,
  { theme, title }: { readonly theme: DiagramTheme; readonly title: string }
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="rn" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>\n${styleSheet(theme)}\n</style>`,
    `<rect class="ground" x="${x}" y="${y}" width="${width}" height="${height}"/>`,
    ...lines.map(writeLine),
    ...boxes.map(writeBox),
    ...labels.map(writeLabel),
    '</svg>',
    ''
  ].join('\n')
}

function writeBox(box: DiagramBox): string {
  const title = escapeXml(box.about.join('\n'))
  return `<g class="box"><title>${title}</title>${outline(box)}${box.labels.map(writeLabel).join('')}</g>`
}

function outline({ role, join, isMarked, x, y, width, height }: DiagramBox): string {
  const classes = isMarked ? `${role} marked` : role
  if (role === 'join') {
    const [cx, cy] = [x + JOIN_RADIUS, y + JOIN_RADIUS]
    const arm = join === 'mul' ? 0.45 * JOIN_RADIUS : 0.55 * JOIN_RADIUS
    const sign =
      join === 'mul'
        ? `M${at(cx - arm, cy - arm)}L${at(cx + arm, cy + arm)}M${at(cx - arm, cy + arm)}L${at(cx + arm, cy - arm)}`
        : `M${at(cx - arm, cy)}L${at(cx + arm, cy)}M${at(cx, cy - arm)}L${at(cx, cy + arm)}`
    return `<circle class="${classes}" cx="${rounded(cx)}" cy="${rounded(cy)}" r="${JOIN_RADIUS}" stroke-width="2"/><path class="sign" d="${sign}"/>`
  }
  const corner = role === 'input' ? 11 : 4
  return `<rect class="${classes}" x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" rx="${corner}"/>`
}

function writeLabel({ text, x, y, anchor, font, look }: DiagramLabel): string {
  const bold = font.bold === true ? ' font-weight="bold"' : ''
  const end = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  // The baseline is below the vertical middle.
  return `<text class="${look}" x="${rounded(x)}" y="${rounded(y + 0.36 * font.size)}" font-size="${font.size}"${bold}${end}>${escapeXml(text)}</text>`
}

function writeLine({ points, look, hasHead, hasDot, radius }: DiagramLine): string {
  const end = points[points.length - 1]
  const before = points[points.length - 2]
  const stop = hasHead ? towards(end, before, HEAD.length - 1) : end
  const path = `<path class="line ${look}" d="${roundedPath([...points.slice(0, -1), stop], radius)}"/>`
  const head = hasHead ? `<path class="head ${look}" d="${arrowHead(end, before)}"/>` : ''
  const dot = hasDot
    ? `<circle class="head ${look}" cx="${rounded(points[0].x)}" cy="${rounded(points[0].y)}" r="2.5"/>`
    : ''
  return path + head + dot
}

/** A path with rounded corners, limited by the shorter leg. */
function roundedPath(points: readonly Point[], radius: number): string {
  const inner = points.slice(1, -1).map((corner, place) => {
    const [before, after] = [points[place], points[place + 2]]
    const legs = [before, after].map((end, side) => {
      const length = distance(corner, end)
      const isEnd = side === 0 ? place === 0 : place === points.length - 3
      return isEnd ? length : length / 2
    })
    const r = Math.min(radius, ...legs)
    const [from, to] = [towards(corner, before, r), towards(corner, after, r)]
    return `L${at(from.x, from.y)}Q${at(corner.x, corner.y)} ${at(to.x, to.y)}`
  })
  const [first] = points
  const last = points[points.length - 1]
  return `M${at(first.x, first.y)}${inner.join('')}L${at(last.x, last.y)}`
}

function arrowHead(tip: Point, before: Point): string {
  const base = towards(tip, before, HEAD.length)
  const [dx, dy] = [(base.y - tip.y) / HEAD.length, (tip.x - base.x) / HEAD.length].map(
    step => step * HEAD.half
  )
  return `M${at(tip.x, tip.y)}L${at(base.x + dx, base.y + dy)}L${at(base.x - dx, base.y - dy)}Z`
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to)
  const share = whole === 0 ? 0 : length / whole
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function at(x: number, y: number): string {
  return `${rounded(x)} ${rounded(y)}`
}

/** Rounded to a tenth of a pixel. */
function rounded(value: number): string {
  return String(Math.round(10 * value) / 10)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** Escapes text for elements and quoted attributes; XML 1.0 has no way to write other control characters. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, character => ENTITIES[character])
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
}

// Text has WCAG AA contrast (4.5 : 1) on light and on dark ground.
/** A colour on light ground, and on dark ground. */
type Colour = readonly [light: string, dark: string]
const [LIGHT, DARK] = [0, 1] as const

const COLOURS = {
  ground: ['#ffffff', '#14171b'],
  text: ['#1b1f24', '#e9ecef'],
  muted: ['#4f5966', '#aab4bf'],
  flow: ['#5b6673', '#98a3af'],
  skip: ['#c2410c', '#ff9250'],
  guide: ['#b4bcc6', '#4b545e']
} as const

const GREY = { fill: ['#f3f4f6', '#23282e'], edge: ['#9aa4b0', '#6c7682'] } as const

const BOXES: Readonly<Record<NodeRole, { readonly fill: Colour; readonly edge: Colour }>> = {
  input: GREY,
  conv: { fill: ['#e3eefc', '#17304d'], edge: ['#3f7cc4', '#5f9be0'] },
  linear: { fill: ['#efe7fb', '#322250'], edge: ['#8458c0', '#a684e0'] },
  norm: { fill: ['#e9f2f2', '#183536'], edge: ['#5f9ea0', '#66aeb0'] },
  activation: { fill: ['#fdf1d8', '#3d2f10'], edge: ['#c3922e', '#d3a548'] },
  pool: { fill: ['#e5f4e6', '#18371d'], edge: ['#4b9a55', '#64b56f'] },
  join: { fill: COLOURS.ground, edge: COLOURS.skip },
  other: GREY,
  group: { fill: ['#f0f2fa', '#252b4a'], edge: ['#6672b3', '#8894d8'] }
}

/** A diagram's style sheet, for the classes in svg.ts. */
export function styleSheet(theme: DiagramTheme): string {
  const shared = `.rn text { font-family: ${FONT_FAMILY}; } .rn .line { fill: none; stroke-width: 1.5; }`
  const skips = '.rn .line.skip { stroke-width: 2; } .rn .marked { stroke-width: 2.5; }'
  const other = theme === 'auto' ? `\n@media (prefers-color-scheme: dark) {\n${rules(DARK)}\n}` : ''
  return `${shared}\n${skips}\n${rules(theme === 'dark' ? DARK : LIGHT)}${other}`
}

export const [LIGHT_GROUND, DARK_GROUND] = COLOURS.ground

function rules(shade: typeof LIGHT | typeof DARK): string {
  const { ground, text, muted, flow, skip, guide } = COLOURS
  return [
    `.rn .ground { fill: ${ground[shade]}; }`,
    `.rn .plain, .rn .strong { fill: ${text[shade]}; }`,
    `.rn .muted { fill: ${muted[shade]}; }`,
    ...Object.entries({ flow, skip, guide, bracket: guide }).map(
      ([look, { [shade]: colour }]) =>
        `.rn .line.${look} { stroke: ${colour}; } .rn .head.${look} { fill: ${colour}; }`
    ),
    ...Object.entries(BOXES).map(
      ([role, { fill, edge }]) => `.rn .${role} { fill: ${fill[shade]}; stroke: ${edge[shade]}; }`
    ),
    `.rn .sign { stroke: ${skip[shade]}; stroke-width: 2; }`
  ].join('\n')
}
