// Light and dark colours of diagrams, with WCAG AA contrast (4.5 : 1) for text.
import type { NodeRole } from './describe.js'
import type { DiagramTheme } from './diagram-choices.js'
import { FONT_FAMILY } from './text-width.js'

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
