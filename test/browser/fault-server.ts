// A server with scripted faults, as a part of the tests' server. The URL lists the responses to the first request, the
// second and so on; the last one repeats: /faults/503.cut.ok/ID/net.pth?size=1000.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vitest/config'

type Answer = (response: ServerResponse, size: number) => void

const CHUNK = 65_536

const ANSWERS: Readonly<Record<string, Answer>> = {
  ok: (response, size) => {
    response.writeHead(200, { 'content-length': size, 'content-type': 'application/octet-stream' })
    stream(response, size)
  },
  /** Without a Content-Length. */
  unsized: (response, size) => {
    response.writeHead(200)
    stream(response, size)
  },
  page: response => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>not here')
  },
  /** To itself. */
  redirect: (response, size) => void response.writeHead(302, { location: `?size=${size}` }).end(),
  refuse: response => void response.destroy(),
  cut: (response, size) => {
    response.writeHead(200, { 'content-length': size })
    response.write(contents(0, Math.floor(size / 2)), () => response.destroy())
  },
  silent: (response, size) => {
    response.writeHead(200, { 'content-length': size })
    response.write(contents(0, 10))
  },
  endless: response => {
    response.writeHead(200)
    stream(response, Infinity)
  }
}

/** A range of the bytes that every file has. */
function contents(start: number, end: number): Uint8Array {
  return Uint8Array.from({ length: end - start }, (_, i) => ((start + i) * 31) % 251)
}

function stream(response: ServerResponse, size: number): void {
  let at = 0
  // The content is periodic and computed once, because a large file is many chunks.
  const chunk = contents(0, CHUNK - (CHUNK % 251))
  const write = (): void => {
    while (at < size && !response.destroyed) {
      const part = chunk.subarray(0, Math.min(chunk.length, size - at))
      at += part.length
      if (!response.write(part)) return
    }
    if (at >= size) response.end()
  }
  response.on('drain', write)
  write()
}

export function faultServer(): Plugin {
  const requests = new Map<string, number>()
  const open = new Map<string, number>()
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const [, script, id = ''] = pathname.split('/')
    if (script === 'seen') {
      response.end(JSON.stringify({ requests: requests.get(id) ?? 0, open: open.get(id) ?? 0 }))
      return
    }
    const place = requests.get(id) ?? 0
    requests.set(id, place + 1)
    open.set(id, (open.get(id) ?? 0) + 1)
    response.on('close', () => open.set(id, (open.get(id) ?? 0) - 1))
    // The header allows a page of another origin to read it.
    response.setHeader('access-control-allow-origin', '*')
    const steps = script.split('.')
    const step = steps[Math.min(place, steps.length - 1)]
    const known = ANSWERS[step]
    if (known) known(response, Number(searchParams.get('size') ?? 1000))
    else response.writeHead(Number(step)).end('no')
  }
  return {
    name: 'fault-server',
    configureServer({ middlewares }) {
      middlewares.use('/faults', answer)
    }
  }
}
