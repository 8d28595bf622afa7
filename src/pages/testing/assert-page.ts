// Holds of every page: its markup is well-formed, and it loads and runs nothing but what is inside it.
import { createHash } from 'node:crypto'

const VOID = new Set(['meta', 'br', 'hr', 'img', 'input', 'link'])
const TAG = /<(?:"[^"]*"|[^">])*>/g

/** A text that breaks out of any element or attribute in which it is not escaped. */
export const HOSTILE = `</style></script><script>alert("1")</script>'&amp;<!--<img src=x onerror=alert(1)>\u2028\u202ebdo`

/** Throws where tags do not nest, attributes are not quoted, or a bare < or & is left. */
export function assertWellFormed(page: string): void {
  const open: string[] = []
  const body = page
    .replace(/^<!doctype html>/, '')
    .replaceAll(/(<(style|script)[^>]*>)[^]*?(<\/\2>)/g, '$1$3')
  for (const part of body.match(new RegExp(`${TAG.source}|[^<]+|<`, 'g')) ?? []) {
    if (!part.startsWith('<') || part === '<') {
      if (part === '<' || /&(?!(amp|lt|gt|quot|#39|nbsp);)/.test(part))
        throw new Error(`not escaped: ${part}`)
      continue
    }
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w-]*(?:="[^"<]*")?)*)\s*(\/?)>$/.exec(part)
    if (!tag) throw new Error(`no tag: ${part}`)
    const [, slash, name, attributes, selfClosed] = tag
    if (/\son\w+/.test(attributes.replaceAll(/"[^"]*"/g, ''))) throw new Error(`a handler: ${part}`)
    if (slash === '/') {
      if (open.pop() !== name) throw new Error(`closes nothing: ${part}`)
    } else if (selfClosed !== '/' && !VOID.has(name)) open.push(name)
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`)
}

/** Throws where a page names a file or an address, or runs a script that its policy does not name. */
export function assertSelfContained(page: string): void {
  const tags = (page.match(TAG) ?? []).join('\n').replaceAll('http-equiv', '')
  const loaded =
    /\s(?:src|href|srcset|data|action)="(?!data:image\/png;base64,)|<(?:link|base|iframe|object)/i
  if (loaded.test(tags)) throw new Error(`loads something: ${loaded.exec(tags)?.[0] ?? ''}`)
  for (const [, style] of page.matchAll(/<style>([^]*?)<\/style>/g)) {
    if (/url\(|@import/.test(style)) throw new Error('a style loads something')
  }
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? ''
  if (!policy.startsWith("default-src 'none'")) throw new Error(`policy: ${policy}`)
  for (const code of scriptsOf(page)) {
    const hash = createHash('sha256').update(code).digest('base64')
    if (!policy.includes(`'sha256-${hash}'`)) throw new Error(`not allowed: ${code.slice(0, 80)}`)
    if (/\bfetch\(|XMLHttpRequest|WebSocket|import\(|https?:/.test(withoutLicences(code)))
      throw new Error('a script loads something')
  }
  if (/script-src[^;]*'unsafe/.test(policy)) throw new Error(`policy: ${policy}`)
}

/** The code that a page runs. */
export function scriptsOf(page: string): string[] {
  return Array.from(page.matchAll(/<script>([^]*?)<\/script>/g), ([, code]) => code)
}

/** The value that a page embeds under an id. */
export function embeddedIn(page: string, id: string): unknown {
  const found = new RegExp(`<script type="application/json" id="${id}">([^<]*)</script>`).exec(page)
  return found ? JSON.parse(found[1]) : undefined
}

function withoutLicences(code: string): string {
  return code.replace(/^\/\*![^]*?\*\//, '')
}
