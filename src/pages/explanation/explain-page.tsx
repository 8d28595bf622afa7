// An explanation as one self-contained page, with its pictures inside; a slider sets the opacity of the heat.
import { anObject, checkArguments } from '../../base/options.js'
import type { JSX } from 'preact'
import style from '#text/explanation/explanation.css'
import script from '#text/explanation/fade-heat.script'
import { coloursOf, type ColourScale } from '../../explain/colour-map.js'
import { renderPage } from '../page.js'
import { Facts, Reading, Section } from '../parts.js'

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
  /** The network's input. */
  readonly picture?: Uint8Array
  /** Heat over the picture, opaque, and how much of it covers the picture at first, 0 … 1. */
  readonly heat?: { readonly png: Uint8Array; readonly alpha: number; readonly colours: ColourScale }
  /** A contact sheet. */
  readonly sheet?: Uint8Array
  readonly classes: readonly PageClass[]
  /** Names and what they are: method, layer, network. */
  readonly facts: Readonly<Record<string, string>>
}

/** The page. */
export function explainPage(content: PageContent): string {
  checkArguments(
    'explainPage',
    { content },
    { content: anObject<PageContent>('the content of a page', 'classes') }
  )
  const { title, reading, picture, heat, sheet, classes, facts } = content
  return renderPage(
    { title, style, hasImages: true, scripts: heat ? [script] : [] },
    <main>
      <h1>{title}</h1>
      <Reading paragraphs={[reading]} />
      {picture && (
        <div class={heat ? 'seen' : 'seen small'}>
          {heat && heatFigure(picture, heat)}
          <figure>
            <Png of={picture} alt="the input" />
            <figcaption>Input</figcaption>
          </figure>
        </div>
      )}
      {sheet && (
        <figure class="sheet">
          <Png of={sheet} alt="contact sheet" />
        </figure>
      )}
      {classes.length > 0 && <Section heading="Predictions">{classTable(classes)}</Section>}
      <Facts heading="Details" facts={facts} />
    </main>
  )
}

function heatFigure(picture: Uint8Array, heat: NonNullable<PageContent['heat']>): JSX.Element {
  return (
    <figure>
      <div class="stack">
        <Png of={picture} alt="the input" />
        <Png of={heat.png} alt="heat over the picture" id="heat" style={`opacity:${heat.alpha}`} />
      </div>
      <label class="row opacity">
        Picture{' '}
        <input
          id="opacity"
          type="range"
          min="0"
          max="100"
          value={Math.round(100 * heat.alpha)}
          aria-label="opacity of the heat"
        />{' '}
        Heat
      </label>
      <div class="row legend">
        least <i style={`background:${gradientOf(heat.colours)}`} /> most
      </div>
    </figure>
  )
}

function gradientOf(scale: ColourScale): string {
  const colours = coloursOf(scale)
  const stops = Array.from({ length: 9 }, (_, i) => {
    const at = 3 * Math.round((i / 8) * 255)
    return `rgb(${colours.subarray(at, at + 3).join(' ')})`
  })
  return `linear-gradient(to right, ${stops.join(', ')})`
}

function classTable(classes: readonly PageClass[]): JSX.Element {
  return (
    <table class="figures classes">
      <tbody>
        {classes.map(({ label, score, isChosen }) => {
          const percent = (100 * score).toFixed(2)
          return (
            <tr class={isChosen ? 'chosen' : undefined}>
              <th scope="row">{label}</th>
              <td>{percent}&nbsp;%</td>
              <td>
                <span class="bar" style={`width:${percent}%`} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Png({ of, ...attributes }: JSX.IntrinsicElements['img'] & { readonly of: Uint8Array }): JSX.Element {
  return <img src={`data:image/png;base64,${base64Of(of)}`} {...attributes} />
}

function base64Of(bytes: Uint8Array): string {
  let text = ''
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(text)
}
