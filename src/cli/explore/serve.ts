// Serves a site over HTTP with the headers that shared memory in pages needs.
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import sirv from 'sirv'
import { ResnetError } from '../../base/errors.js'
import type { Site } from '../site/site.js'

export interface ServeOptions {
  readonly port: number
  readonly host: string
}

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff'
}

const FAULTS: Readonly<Record<string, (options: ServeOptions) => string>> = {
  EADDRINUSE: ({ port }) => `Port ${port} is in use: give another one with --port`,
  EACCES: ({ port }) => `Port ${port} may not be used by you: give one from 1024 on with --port`,
  EADDRNOTAVAIL: ({ host }) => `--host ${host}: this machine has no such address`,
  ENOTFOUND: ({ host }) => `--host ${host}: there is no such host`,
  EAI_AGAIN: ({ host }) => `--host ${host}: there is no such host`,
  ERR_SOCKET_BAD_PORT: ({ port }) => `--port ${port}: expected at most 65535`
}

/**
 * Serves a site.
 * @returns the page's URL, `http://localhost:5018/`, and when the server has stopped.
 * @throws ResnetError when port or host is unavailable.
 */
export async function serve(
  site: Site,
  options: ServeOptions
): Promise<{ readonly address: string; readonly closed: Promise<unknown> }> {
  const server = createServer(answering(site))
  try {
    server.listen(options.port, options.host)
    await once(server, 'listening')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const fault = FAULTS[code]?.(options)
    throw fault === undefined ? cause : new ResnetError(fault, { cause })
  }
  return { address: addressOf(server, options.host), closed: once(server, 'close') }
}

/** Tries each folder in turn, the most specific path first. */
function answering(site: Site): RequestListener {
  const folders = site
    .toSorted((a, b) => b.at.length - a.at.length)
    .map(({ at, folder, only }) => ({ at, only, handle: sirv(folder, { etag: true, dev: true }) }))
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    response.setHeader('Cache-Control', 'no-cache')
    const path = request.url ?? '/'
    const found = folders.find(({ at, only }) => {
      return path.startsWith(at) && (only?.includes(path.slice(at.length).replace(/\?.*/, '')) ?? true)
    })
    const missing = (): void => {
      response.statusCode = 404
      response.end('Not found\n')
    }
    if (!found || (request.method !== 'GET' && request.method !== 'HEAD')) {
      missing()
      return
    }
    request.url = path.slice(found.at.length - 1)
    found.handle(request, response, missing)
  }
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}/`
}
