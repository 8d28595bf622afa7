// A picture as SVG: one style sheet, no font, script or image from anywhere. Pointing at a box shows all about it.
import { escapeHtml } from '../../report/escape-html.js'
import { formatImage, formatParameters, grouped, type Label } from './card.js'
import type { Theme } from './diagram-choices.js'
import type { DiagramNode } from './diagram-graph.js'
import { JOIN_RADIUS, type Point } from './layout.js'
import { membersOf } from './regroup.js'
import { boundsOf, type Box, type Line, type Scene } from './scene.js'
import { styleSheet } from './theme.js'

const MARGIN = 24
const HEAD = { length: 7, half: 3.5 }

/** Writes a picture, cut to what is on it. */
export function writeSvg(
  scene: Scene,
  { theme, title }: { readonly theme: Theme; readonly title: string }
): string {
  const { left, top, right, bottom } = boundsOf(scene)
  // Whole pixels: edges stay sharp.
  const [x, y] = [left - MARGIN, top - MARGIN].map(Math.floor)
  const [width, height] = [Math.ceil(right + MARGIN) - x, Math.ceil(bottom + MARGIN) - y]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="rn" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(title)}">`,
    `<style>\n${styleSheet(theme)}\n</style>`,
    `<rect class="ground" x="${x}" y="${y}" width="${width}" height="${height}"/>`,
    ...scene.lines.map(writeLine),
    ...scene.boxes.map(writeBox),
    ...scene.labels.map(writeLabel),
    '</svg>',
    ''
  ].join('\n')
}

/** All about a box: what its title element says, a line each. */
export function detailsOf(node: DiagramNode): string[] {
  const { role, shape, multiplyAdds, join } = node
  const parameters = formatParameters(node)
  return [
    ...membersOf(node).map(({ path, type, isLayer, title }) =>
      isLayer ? `${path} (${type})` : [path, title].filter(part => part !== '').join(': ')
    ),
    ...(join ? [join.op === 'add' ? 'F(x) + x' : 'F(x) · x'] : []),
    `${role === 'input' ? 'shape' : 'output'} ${formatImage(shape)}`,
    ...(parameters === '' ? [] : [`${parameters} parameters`]),
    ...(multiplyAdds === 0 ? [] : [`${grouped(multiplyAdds)} multiply-adds`])
  ]
}

function writeBox(box: Box): string {
  const { node, labels, isMarked = false } = box
  const title = `<title>${escapeHtml(detailsOf(node).join('\n'))}</title>`
  return `<g class="box">${title}${outline(box, isMarked)}${labels.map(writeLabel).join('')}</g>`
}

function outline({ node, x, y, width, height }: Box, isMarked: boolean): string {
  const classes = isMarked ? `${node.role} marked` : node.role
  if (node.role === 'join') {
    const [cx, cy] = [x + JOIN_RADIUS, y + JOIN_RADIUS]
    const arm = node.join?.op === 'mul' ? 0.45 * JOIN_RADIUS : 0.55 * JOIN_RADIUS
    const sign =
      node.join?.op === 'mul'
        ? `M${at(cx - arm, cy - arm)}L${at(cx + arm, cy + arm)}M${at(cx - arm, cy + arm)}L${at(cx + arm, cy - arm)}`
        : `M${at(cx - arm, cy)}L${at(cx + arm, cy)}M${at(cx, cy - arm)}L${at(cx, cy + arm)}`
    return `<circle class="${classes}" cx="${rounded(cx)}" cy="${rounded(cy)}" r="${JOIN_RADIUS}" stroke-width="2"/><path class="sign" d="${sign}"/>`
  }
  const corner = node.role === 'input' ? 11 : 4
  return `<rect class="${classes}" x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" rx="${corner}"/>`
}

function writeLabel({ text, x, y, anchor, font, look }: Label): string {
  const bold = font.bold === true ? ' font-weight="bold"' : ''
  const end = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  // Letters and figures stand on the line below the middle of their height.
  return `<text class="${look}" x="${rounded(x)}" y="${rounded(y + 0.36 * font.size)}" font-size="${font.size}"${bold}${end}>${escapeHtml(text)}</text>`
}

function writeLine({ points, look, hasHead, hasDot, radius }: Line): string {
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

/** A line whose corners are quarters of a circle, as large as the shorter of two legs allows. */
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

/** The point so far from one towards another. */
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

/** A tenth of a pixel is more than anyone sees. */
function rounded(value: number): string {
  return String(Math.round(10 * value) / 10)
}
