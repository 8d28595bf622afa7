// Serves a folder like a plain web server.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import send from 'send'

/** A served folder. */
export interface StaticServer {
  /** Its URL: `http://localhost:12345/`. */
  readonly address: string
  stop(): Promise<void>
}

/** @param isolated whether to send the headers for cross-origin isolation, which threads need. */
export async function startStaticServer(folder: string, isolated: boolean): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const file = send(request, new URL(request.url ?? '/', 'http://localhost').pathname, { root: folder })
    file.on('headers', (answer: ServerResponse) => {
      answer.setHeader('Cache-Control', 'no-store')
      if (!isolated) return
      answer.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      answer.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    })
    file.pipe(response)
  })
  await once(server.listen(0, 'localhost'), 'listening')
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}
