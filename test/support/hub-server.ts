// A server that speaks the Hugging Face Hub's protocol, and a second one that its large files are redirected to.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** What was asked of either server. */
export interface HubRequest {
  readonly host: 'hub' | 'cdn'
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly range: string | undefined
}

/** Answers in place of the hub; false leaves it to the hub. */
export type Fault = (request: HubRequest, response: ServerResponse) => boolean

export interface HubServer extends AsyncDisposable {
  readonly endpoint: string
  readonly commit: string
  readonly files: Map<string, Uint8Array>
  /** Repositories that were renamed, and to what. */
  readonly renamed: Map<string, string>
  readonly requests: HubRequest[]
  /** Of large files; a redirect to the other server carries it. */
  readonly isLarge: (file: string) => boolean
  fault: Fault
  card: object
  /** Asked for in all requests, if set. */
  token: string | undefined
}

export function gitHash(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex')
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

const REPOSITORY = 'owner/net'
/** What a page of another origin is shown; Retry-After and RateLimit are not among them. */
const EXPOSED =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash'

/** Starts a hub with one repository, `owner/net`, of one commit on `main`, which the branch `refs/pr/1` has, too. */
export async function startHub(
  files: Readonly<Record<string, Uint8Array | string>>,
  commit = 'c0ffee'.padEnd(40, '0')
): Promise<HubServer> {
  const encoder = new TextEncoder()
  const contents = new Map(
    Object.entries(files).map(([name, content]) => [
      name,
      typeof content === 'string' ? encoder.encode(content) : content
    ])
  )
  const requests: HubRequest[] = []
  const cdn = createServer((request, response) => {
    if (isHandled('cdn', request, response)) return
    send(request, response, decodeURIComponent((request.url ?? '').split('/').at(-1) ?? ''))
  })
  const hub = createServer((request, response) => {
    // Pages of other origins may ask.
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('access-control-allow-headers', 'authorization, content-type, range')
    response.setHeader('access-control-expose-headers', EXPOSED)
    if (request.method === 'OPTIONS') return void response.end()
    if (!isHandled('hub', request, response)) answer(request, response)
  })
  const isHandled = (host: 'hub' | 'cdn', request: IncomingMessage, response: ServerResponse): boolean => {
    if (host === 'cdn') response.setHeader('access-control-allow-origin', '*')
    const { authorization, range } = request.headers
    const seen = { host, method: request.method ?? '', url: request.url ?? '', authorization, range }
    requests.push(seen)
    return server.fault(seen, response)
  }
  const refuse = (response: ServerResponse, status: number, code: string): void =>
    void response.writeHead(status, { 'x-error-code': code }).end()

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = decodeURIComponent(request.url ?? '')
    for (const [before, after] of server.renamed) {
      if (url.includes(`/${before}/`)) {
        const location = (request.url ?? '').replace(`/${before}/`, `/${after}/`)
        return void response.writeHead(307, { location }).end()
      }
    }
    if (server.token !== undefined && request.headers.authorization !== `Bearer ${server.token}`) {
      refuse(response, 401, 'RepoNotFound')
      return
    }
    const [, id, rest] = /^(?:\/api\/models)?\/(\w+\/\w+)\/(.*)$/.exec(url) ?? []
    if (id !== REPOSITORY || rest === undefined) {
      refuse(response, 404, 'RepoNotFound')
      return
    }
    const [, verb, revision, file] =
      /^(revision|paths-info|resolve)\/(main|refs\/pr\/1|[\da-f]{40})(?:\/(.+))?$/.exec(rest) ?? []
    if (verb === undefined) {
      refuse(response, 404, 'RevisionNotFound')
      return
    }
    if (revision.length === 40 && revision !== commit) {
      refuse(response, 404, 'RevisionNotFound')
      return
    }
    if (verb === 'revision') {
      const siblings = Array.from(contents.keys(), rfilename => ({ rfilename }))
      json(response, { id, sha: commit, siblings, cardData: server.card })
      return
    }
    if (verb === 'paths-info') return void infos(request, response)
    const content = contents.get(file ?? '')
    if (!content || file === undefined) {
      refuse(response, 404, 'EntryNotFound')
      return
    }
    if (!server.isLarge(file)) {
      const compressed = request.headers['accept-encoding'] === 'identity' ? undefined : gzipSync(content)
      response.writeHead(200, {
        etag: `W/"${gitHash(content)}"`,
        'x-repo-commit': commit,
        // Its network compresses texts, and does not say how large they are then.
        ...(compressed ? { 'content-encoding': 'gzip' } : { 'content-length': content.byteLength })
      })
      return void response.end(request.method === 'HEAD' ? undefined : (compressed ?? content))
    }
    response.writeHead(302, {
      location: `${addressOf(cdn)}/signed/${encodeURIComponent(file)}`,
      etag: '"of-the-redirect"',
      'x-linked-etag': `"${sha256(content)}"`,
      'x-linked-size': content.byteLength,
      'x-repo-commit': commit
    })
    response.end()
  }

  async function infos(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { paths } = JSON.parse(body) as { paths: string[] }
    const found = paths.flatMap(path => {
      const content = contents.get(path)
      if (!content) return []
      const size = content.byteLength
      const lfs = server.isLarge(path) ? { lfs: { oid: sha256(content), size, pointerSize: 134 } } : {}
      return [{ type: 'file', path, oid: gitHash(content), size, ...lfs }]
    })
    json(response, found)
  }

  /** The second server knows ranges. Its ETag is another, and it wants no token. */
  function send(request: IncomingMessage, response: ServerResponse, file: string): void {
    const content = contents.get(file)
    if (!content) return void response.writeHead(404).end()
    if (request.headers.authorization !== undefined) return void response.writeHead(400).end()
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const part = content.subarray(start)
    const range = `bytes ${start}-${content.byteLength - 1}/${content.byteLength}`
    response.writeHead(start > 0 ? 206 : 200, {
      etag: '"of-the-cdn"',
      'content-length': part.byteLength,
      ...(start > 0 && { 'content-range': range })
    })
    response.end(part)
  }

  const [endpoint] = await Promise.all([listen(hub), listen(cdn)])
  const server: HubServer = {
    endpoint,
    commit,
    files: contents,
    renamed: new Map(),
    requests,
    isLarge: file => /\.(safetensors|bin|pth)$/.test(file),
    fault: () => false,
    card: {},
    token: undefined,
    async [Symbol.asyncDispose]() {
      for (const each of [hub, cdn]) {
        each.closeAllConnections()
        await new Promise(resolve => each.close(resolve))
      }
    }
  }
  return server
}

function json(response: ServerResponse, value: unknown): void {
  const text = gzipSync(JSON.stringify(value))
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(text)
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return addressOf(server)
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
