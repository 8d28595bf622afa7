// What the explorer's server answers, over sockets, so that requests go out as they are written here.
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answering } from './answering.js'
import { serve } from './serve.js'

let folder: string
let server: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-answering-'))
  await mkdir(join(folder, 'page/assets'), { recursive: true })
  await mkdir(join(folder, 'kernels'))
  await writeFile(join(folder, 'page/index.html'), '0123456789')
  await writeFile(join(folder, 'page/empty.txt'), '')
  await writeFile(join(folder, 'page/.hidden'), 'hidden')
  await writeFile(join(folder, 'page/a b%.js'), 'script')
  await writeFile(join(folder, 'kernels/kernel.wasm'), 'wasm')
  await writeFile(join(folder, 'kernels/secret.txt'), 'secret')
  await writeFile(join(folder, 'outside.txt'), 'outside')
  server = await serving('127.0.0.1', 'localhost')
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

describe('ranges', () => {
  it.each([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=-5', 206, '56789', 'bytes 5-9/10'],
    ['bytes=-1', 206, '9', 'bytes 9-9/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    // More than there is: the whole file.
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-2', 416, 'Range not satisfiable\n', 'bytes */10'],
    ['bytes=10-', 416, 'Range not satisfiable\n', 'bytes */10'],
    ['bytes=-0', 416, 'Range not satisfiable\n', 'bytes */10'],
    // Not understood, several, or another unit: ignored, as allowed.
    ['bytes=', 200, '0123456789', undefined],
    ['bytes=a-b', 200, '0123456789', undefined],
    ['bytes=0-0,4-5', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
    [`bytes=${'9'.repeat(40)}-`, 416, 'Range not satisfiable\n', 'bytes */10']
  ])('%s', async (range, status, body, contentRange) => {
    const answer = await ask(`GET / HTTP/1.1`, `Range: ${range}`)
    expect(answer).toMatchObject({ status, body })
    expect(answer.headers.get('content-range')).toBe(contentRange)
    expect(answer.headers.get('content-length')).toBe(String(body.length))
  })

  it('are ignored by HEAD, and in an empty file', async () => {
    expect(await ask('HEAD / HTTP/1.1', 'Range: bytes=0-0')).toMatchObject({ status: 200, body: '' })
    expect(await ask('GET /empty.txt HTTP/1.1')).toMatchObject({ status: 200, body: '' })
    expect((await ask('GET /empty.txt HTTP/1.1', 'Range: bytes=-5')).status).toBe(416)
  })
})

describe('paths', () => {
  it.each([
    ['/', 200],
    ['/?v=1', 200],
    ['//', 200],
    ['http://localhost/index.html', 200],
    ['/a%20b%25.js', 200],
    ['/runtime/kernel.wasm?v=1', 200],
    ['/%72untime/kernel.wasm', 200],
    ['/runtime/secret.txt', 404],
    ['/runtime/..%2f..%2foutside.txt', 404],
    ['/runtime/', 404],
    ['/assets', 404],
    ['/assets/', 404],
    ['/.hidden', 404],
    ['/nowhere', 404],
    ['/index.html/', 404],
    [`/${'a'.repeat(300)}`, 404],
    ['/../outside.txt', 404],
    ['/%2e%2e/outside.txt', 404],
    ['/..%2foutside.txt', 404],
    ['/..%5coutside.txt', 404],
    ['//../outside.txt', 404],
    ['/%', 400],
    ['/%c0%ae', 400],
    ['/a%00b', 400],
    ['*', 400]
  ])('%s gives %d', async (path, status) => {
    const answer = await ask(`GET ${path} HTTP/1.1`)
    expect(answer.status).toBe(status)
    expect(answer.body).not.toMatch(/outside|hidden|secret/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is not allowed', async method => {
  const answer = await ask(`${method} / HTTP/1.1`, 'Content-Length: 0')
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('GET, HEAD')
})

it('refuses headers that are too large, and what is no HTTP', async () => {
  expect((await ask('GET / HTTP/1.1', `X: ${'x'.repeat(100_000)}`)).status).toBe(431)
  expect((await ask('rubbish')).status).toBe(400)
  expect((await ask('GET / HTTP/1.1')).status).toBe(200)
})

it('answers what is cached with 304, and a changed file with 412', async () => {
  const etag = (await ask('GET / HTTP/1.1')).headers.get('etag')
  expect((await ask('GET / HTTP/1.1', `If-None-Match: ${etag}`)).status).toBe(304)
  expect((await ask('GET / HTTP/1.1', 'If-Match: "other"')).status).toBe(412)
})

it('is not served to an empty host, which would mean all the world', async () => {
  await expect(serve([], { port: 0, host: '' })).rejects.toThrow('--host is empty: expected localhost')
})

describe('the host that a request names', () => {
  it.each([
    'localhost',
    'localhost:5018',
    'localhost.:5018',
    '127.0.0.1:5018',
    '127.1.2.3',
    '[::1]:5018',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:7f00:1]:5018',
    '[::1%lo]',
    'LOCALHOST',
    'page.localhost'
  ])('%s is this machine', async host => {
    expect((await askAs(server, host, 'GET / HTTP/1.1')).status).toBe(200)
  })

  it.each([
    'attacker.example',
    'attacker.example:5018',
    'localhost.attacker.example',
    '127.attacker.example',
    '128.0.0.1',
    '[::2]',
    '[::ffff:8.8.8.8]',
    'desk.local',
    ''
  ])('"%s" is not, and is refused', async host => {
    const { status, body } = await askAs(server, host, 'GET / HTTP/1.1')
    expect(status).toBe(421)
    expect(body).not.toContain('0123')
  })

  it.each([
    ['127.0.0.1', '127.1'],
    ['127.0.1.1', 'desk.local'],
    ['::1', '0::1'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
    ['::ffff:7f00:1', '::ffff:7f00:1']
  ])('is asked for at %s, given as %s', async (bound, host) => {
    const local = await serving(bound, host)
    expect((await askAs(local, 'attacker.example', 'GET / HTTP/1.1')).status).toBe(421)
    const itself = host.includes(':') ? `[${host}]:5018` : `${host}:5018`
    expect((await askAs(local, itself, 'GET / HTTP/1.1')).status).toBe(200)
    local.close()
  })

  it('is one', async () => {
    const { status, body } = await askAs(server, 'attacker.example', 'GET / HTTP/1.1', 'Host: localhost')
    expect(status).toBe(400)
    expect(body).toBe('Bad request: expected one Host, and a path that can be decoded\n')
  })

  it('may be any where a network is served', async () => {
    const open = await serving('0.0.0.0')
    expect((await askAs(open, 'desk.local', 'GET / HTTP/1.1')).status).toBe(200)
    open.close()
  })
})

it.runIf(process.platform === 'linux')('goes on after a file that cannot be read', async () => {
  const broken = createServer(
    answering([{ at: '/', folder: '/proc/self' }], { bound: '127.0.0.1', host: 'localhost' })
  )
  await once(broken.listen(0, 'localhost'), 'listening')
  // Opens, has no size, and fails when read.
  expect((await askAs(broken, 'localhost', 'GET /mem HTTP/1.1')).status).toBe(500)
  broken.close()
})

async function serving(bound: string, host = bound): Promise<Server> {
  const site = [
    { at: '/', folder: join(folder, 'page') },
    { at: '/runtime/', folder: join(folder, 'kernels'), only: ['kernel.wasm'] }
  ]
  const started = createServer(answering(site, { bound, host })).listen(0, 'localhost')
  await once(started, 'listening')
  return started
}

interface Answer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

function ask(...lines: string[]): Promise<Answer> {
  return askAs(server, 'localhost', ...lines)
}

/** Sends these lines, and the host, and reads until the server closes. */
async function askAs(asked: Server, host: string, ...lines: string[]): Promise<Answer> {
  const socket = connect((asked.address() as AddressInfo).port, 'localhost')
  socket.write([...lines, `Host: ${host}`, 'Connection: close', '', ''].join('\r\n'))
  let text = ''
  for await (const chunk of socket.setEncoding('latin1')) text += String(chunk)
  const end = text.indexOf('\r\n\r\n')
  const [first, ...rest] = text.slice(0, end).split('\r\n')
  const headers = rest.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(first.split(' ')[1]), headers: new Map(headers), body: text.slice(end + 4) }
}
