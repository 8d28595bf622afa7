// Serves a site over HTTP.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ResnetError } from '../../base/errors.js'
import { siteHeaders, type Site } from '../site/site.js'
import { answering } from './answering.js'

export interface ServeOptions {
  readonly port: number
  readonly host: string
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
  const server = createServer(answering(site, options.host, await siteHeaders(site)))
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

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}/`
}
