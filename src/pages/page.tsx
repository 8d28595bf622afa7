// The frame of every HTML page: one file that opens from a disk and loads nothing. Its Content-Security-Policy enforces
// that, and allows only the page's own scripts, by hash.
import type { ComponentChildren, JSX } from 'preact'
import { renderToString } from 'preact-render-to-string'

/** A page without its body. */
export interface PageFrame {
  /** The tab's title, not a heading. */
  readonly title: string
  readonly style: string
  /** They run in this order at the end of the body. */
  readonly scripts?: readonly PageScript[]
  /** Whether it shows pictures, as data URLs. */
  readonly hasImages?: boolean
  /** Attributes of the `html` element. */
  readonly root?: { readonly class?: string; readonly style?: string }
}

/** A script, and its hash as a Content-Security-Policy writes it. */
export interface PageScript {
  readonly code: string
  readonly hash: string
}

export function renderPage(frame: PageFrame, body: ComponentChildren): string {
  const { title, style, scripts = [], hasImages = false, root = {} } = frame
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(hasImages ? ['img-src data:'] : []),
    ...(scripts.length > 0 ? [`script-src ${scripts.map(({ hash }) => `'${hash}'`).join(' ')}`] : [])
  ]
  const page = renderToString(
    <html lang="en" {...root}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy.join('; ')} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        {body}
        {scripts.map(({ code }) => (
          <script dangerouslySetInnerHTML={{ __html: code }} />
        ))}
      </body>
    </html>
  )
  return `<!doctype html>\n${page}\n`
}

/** Data for a page's script, which parses the text of the element with this id. */
export function EmbeddedData({ id, value }: { readonly id: string; readonly value: unknown }): JSX.Element {
  // No text in it can end the element or begin another.
  const json = JSON.stringify(value).replaceAll(
    /[<\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
  return <script type="application/json" id={id} dangerouslySetInnerHTML={{ __html: json }} />
}
