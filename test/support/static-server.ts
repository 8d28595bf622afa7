// Serves a folder like a plain web server.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sirv from 'sirv'

/** A served folder. */
export interface StaticServer {
  /** Its URL: `http://localhost:12345/`. */
  readonly address: string
  stop(): Promise<void>
}

/** @param isolated whether to send the headers for cross-origin isolation, which threads need. */
export async function startStaticServer(folder: string, isolated: boolean): Promise<StaticServer> {
  const files = sirv(folder, {
    dev: true,
    setHeaders(response) {
      if (!isolated) return
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    }
  })
  const server = createServer((request, response) => {
    files(request, response, () => void response.writeHead(404).end())
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
