// The frame of every page this package writes: one file that loads nothing, and whose policy says so to the browser.
import { escapeHtml } from './escape-html.js'

/** What is inside the frame. */
export interface HtmlPage {
  /** As text; the tab's, not a heading. */
  readonly title: string
  /** What the page may do beside `default-src 'none'` and its own styles, as a Content-Security-Policy says it. */
  readonly policy?: string
  /** Style sheets, in their order. */
  readonly styles: readonly string[]
  /** Lines of HTML. */
  readonly body: readonly string[]
}

/** The page, whole. */
export function htmlPage({ title, policy, styles, body }: HtmlPage): string {
  const allowed = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(policy === undefined ? [] : [policy])
  ]
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${allowed.join('; ')}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    ...styles.map(style => `<style>${style}</style>`),
    '</head>',
    '<body>',
    ...body,
    '</body>',
    '</html>',
    ''
  ].join('\n')
}
