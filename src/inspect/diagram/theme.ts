// Light and dark colours of diagrams, with WCAG AA contrast (4.5 : 1) for text.
import type { NodeRole } from './describe.js'
import type { DiagramTheme } from './diagram-choices.js'
import { FONT_FAMILY } from './text-width.js'

interface Palette {
  readonly ground: string
  readonly text: string
  readonly muted: string
  readonly flow: string
  readonly skip: string
  readonly guide: string
  /** Fill and stroke by kind of box. */
  readonly boxes: Readonly<Record<NodeRole, readonly [fill: string, edge: string]>>
}

const LIGHT: Palette = {
  ground: '#ffffff',
  text: '#1b1f24',
  muted: '#4f5966',
  flow: '#5b6673',
  skip: '#c2410c',
  guide: '#b4bcc6',
  boxes: {
    input: ['#f3f4f6', '#9aa4b0'],
    conv: ['#e3eefc', '#3f7cc4'],
    linear: ['#efe7fb', '#8458c0'],
    norm: ['#e9f2f2', '#5f9ea0'],
    activation: ['#fdf1d8', '#c3922e'],
    pool: ['#e5f4e6', '#4b9a55'],
    join: ['#ffffff', '#c2410c'],
    other: ['#f3f4f6', '#9aa4b0'],
    group: ['#f0f2fa', '#6672b3']
  }
}

const DARK: Palette = {
  ground: '#14171b',
  text: '#e9ecef',
  muted: '#aab4bf',
  flow: '#98a3af',
  skip: '#ff9250',
  guide: '#4b545e',
  boxes: {
    input: ['#23282e', '#6c7682'],
    conv: ['#17304d', '#5f9be0'],
    linear: ['#322250', '#a684e0'],
    norm: ['#183536', '#66aeb0'],
    activation: ['#3d2f10', '#d3a548'],
    pool: ['#18371d', '#64b56f'],
    join: ['#14171b', '#ff9250'],
    other: ['#23282e', '#6c7682'],
    group: ['#252b4a', '#8894d8']
  }
}

/** A diagram's style sheet, for the classes in svg.ts. */
export function styleSheet(theme: DiagramTheme): string {
  const first = rules(theme === 'dark' ? DARK : LIGHT)
  const shared = `.rn text { font-family: ${FONT_FAMILY}; } .rn .line { fill: none; stroke-width: 1.5; }`
  const skips = '.rn .line.skip { stroke-width: 2; } .rn .marked { stroke-width: 2.5; }'
  const other = theme === 'auto' ? `\n@media (prefers-color-scheme: dark) {\n${rules(DARK)}\n}` : ''
  return `${shared}\n${skips}\n${first}${other}`
}

/** The background colour. */
export function groundOf(theme: 'light' | 'dark'): string {
  return (theme === 'dark' ? DARK : LIGHT).ground
}

function rules({ ground, text, muted, flow, skip, guide, boxes }: Palette): string {
  return [
    `.rn .ground { fill: ${ground}; }`,
    `.rn .plain, .rn .strong { fill: ${text}; }`,
    `.rn .muted { fill: ${muted}; }`,
    ...Object.entries({ flow, skip, guide, bracket: guide }).map(
      ([look, colour]) => `.rn .line.${look} { stroke: ${colour}; } .rn .head.${look} { fill: ${colour}; }`
    ),
    ...Object.entries(boxes).map(
      ([role, [fill, edge]]) => `.rn .${role} { fill: ${fill}; stroke: ${edge}; }`
    ),
    `.rn .sign { stroke: ${skip}; stroke-width: 2; }`
  ].join('\n')
}
