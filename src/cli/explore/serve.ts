// Serves a site over HTTP.
import { once } from 'node:events'
import { createServer } from 'node:http'
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
  // An empty one would mean all the world.
  if (options.host.trim() === '') {
    throw new ResnetError('--host is empty: expected localhost, an address of this machine, or 0.0.0.0')
  }
  const headers = await siteHeaders(site)
  const server = createServer()
  try {
    server.listen(options.port, options.host)
    await once(server, 'listening')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const fault = FAULTS[code]?.(options)
    throw fault === undefined ? cause : new ResnetError(fault, { cause })
  }
  // A name or a short form may mean this machine alone: what it was resolved to tells.
  const { address: bound, port } = server.address() as AddressInfo
  server.on('request', answering(site, { bound, host: options.host }, headers))
  return { address: addressOf({ bound, port }, options.host), closed: once(server, 'close') }
}

function addressOf({ bound, port }: { readonly bound: string; readonly port: number }, host: string): string {
  const name = bound === '0.0.0.0' || bound === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}/`
}
