// Answers HTTP requests with a site's files. What a client may get wrong is answered with a status and a line of text;
// nothing that it sends ends the process or keeps a file open.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { BlockList, isIP } from 'node:net'
import send, { type SendStream } from 'send'
import type { Site, SiteFolder } from '../site/site.js'

/** Cross-origin isolation, which shared memory in pages needs. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache'
}

/** Headers that describe a file, and so not the line of text that is sent in its place. */
const OF_THE_FILE = ['Content-Type', 'Content-Length', 'Last-Modified', 'ETag', 'Accept-Ranges']

const SENTENCES: Readonly<Record<number, string>> = {
  400: 'Bad request: expected one Host, and a path that can be decoded',
  404: 'Not found',
  405: 'Method not allowed: expected GET or HEAD',
  412: 'Precondition failed: the file has changed',
  416: 'Range not satisfiable',
  421: 'Misdirected request: expected localhost as its host; resnet explore --host 0.0.0.0 serves any',
  500: 'The file cannot be read'
}

/** What `send` reports: the status to answer with, and its headers. */
interface SendFault {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Answers from the folders of a site, the most specific path first.
 * @param bound the address where the server listens. On this machine alone, requests must name it: a page on the internet can
 * make its own name point here, and would then read whatever is served (DNS rebinding).
 * @param host the name that it was given for this address.
 * @param headers of the site itself, sent with every answer.
 */
export function answering(
  site: Site,
  { bound, host }: { readonly bound: string; readonly host: string },
  headers: Readonly<Record<string, string>> = {}
): RequestListener {
  const folders = site.toSorted((a, b) => b.at.length - a.at.length)
  return (request, response) => {
    for (const [name, value] of Object.entries({ ...HEADERS, ...headers })) response.setHeader(name, value)
    // A connection that breaks is no fault of ours; without a listener it would end the process.
    response.on('error', () => {})
    if ((request.headersDistinct.host?.length ?? 0) > 1) refuse(response, 400)
    else if (isLoopbackAddress(bound) && !isNamed(request.headers.host, host)) refuse(response, 421)
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, { Allow: 'GET, HEAD' })
    } else {
      const path = pathOf(request.url ?? '/')
      const found = path === undefined ? undefined : folderWith(folders, path)
      if (path === undefined) refuse(response, 400)
      else if (found === undefined) refuse(response, 404)
      else answer(request, response, found.folder, path.slice(found.at.length - 1))
    }
  }
}

function answer(request: IncomingMessage, response: ServerResponse, root: string, path: string): void {
  // Ranges are defined for GET alone.
  if (request.method === 'HEAD') delete request.headers.range
  const file: SendStream = send(request, encodeURI(path), { root, cacheControl: false })
  file.on('file', (_path: string, { size }: { readonly size: number }) => {
    const range = request.headers.range
    if (range !== undefined) request.headers.range = withinSize(range, size)
  })
  file.on('directory', () => {
    refuse(response, 404)
  })
  file.on('error', ({ status = 500, headers = {} }: SendFault) => {
    // Outside the site there is nothing, also nothing that is forbidden.
    if (!response.headersSent) refuse(response, status === 403 ? 404 : status, headers)
    else response.destroy()
  })
  file.pipe(response)
}

/** The last n bytes of a shorter file are the whole file. */
function withinSize(range: string, size: number): string {
  return range.replace(/([=,]\s*)-(\d+)/g, (all, start: string, count: string) =>
    Number(count) > size && size > 0 ? `${start}-${size}` : all
  )
}

function folderWith(folders: Site, path: string): SiteFolder | undefined {
  return folders.find(
    ({ at, only }) => path.startsWith(at) && (only?.includes(path.slice(at.length)) ?? true)
  )
}

/** The decoded path of a request's target, which proxies send with scheme and host. */
function pathOf(target: string): string | undefined {
  const [path] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)
  try {
    return path.startsWith('/') ? decodeURIComponent(path) : undefined
  } catch {
    return undefined
  }
}

/** Whether a request's Host header names this machine. */
function isNamed(header: string | undefined, host: string): boolean {
  // HTTP/1.0 has none.
  if (header === undefined) return true
  // Without its port, the brackets of an address and the dot of the root, which a name may end in.
  const name = header
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  const isLocal = name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name)
  return isLocal || name === host.toLowerCase().replace(/\.$/, '')
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** Of either family, or of the older in the newer one's notation. */
function isLoopbackAddress(name: string): boolean {
  const family = isIP(name)
  return family !== 0 && LOOPBACK.check(name, family === 4 ? 'ipv4' : 'ipv6')
}

function refuse(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {}
): void {
  for (const name of OF_THE_FILE) response.removeHeader(name)
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  const body = `${SENTENCES[status] ?? 'The request cannot be answered'}\n`
  response.setHeader('Content-Length', body.length)
  response.end(body)
}
