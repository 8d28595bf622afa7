// Files and answers that are far larger than any picture: they are refused by their first bytes, or by their size.
import { once } from 'node:events'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readLabels } from '../../cli/predict/read-labels.js'
import { readIdx } from '../../data/idx.js'
import { digestOf } from '../../networks/open-file.js'
import { readImage } from './read-image.js'

const PNG = Buffer.from('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR', 'latin1')
// More than this machine's memory, and nothing on its disk.
const HUGE = 2 ** 42

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-large-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function huge(name: string, start: Uint8Array | string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, start)
  await truncate(path, HUGE)
  return path
}

it.each<[string, string, Uint8Array | string, (path: string) => Promise<unknown>]>([
  ['is not an image; JPEG, PNG, WebP and GIF are read', 'none.png', '', readImage],
  ['is a web page, not an image', 'page.png', '<html>', readImage],
  [`has ${HUGE} bytes, at most 536870912 are allowed`, 'one.png', PNG, readImage],
  [`has ${HUGE} bytes, at most 16777216 are allowed`, 'labels.txt', 'a', path => readLabels(path, 1)],
  [`has ${HUGE} bytes, at most 268435456 are allowed`, 'net.mjs', '', digestOf],
  ['is not an IDX file', 'idx', 'x', readIdx]
])('%s', async (fault, name, start, read) => {
  await expect(read(await huge(name, start))).rejects.toThrow(fault)
})

it.each<[string, RequestListener]>([
  [
    'is not an image; JPEG, PNG, WebP and GIF are read',
    (_, response) => {
      // Without end, until the connection is closed.
      const more = (): void => void response.write(Buffer.alloc(100_000), error => error ?? more())
      more()
    }
  ],
  [
    'cannot be fetched: it grows over 100 times when it is decoded',
    (_, response) => {
      const body = gzipSync(Buffer.concat([PNG, Buffer.alloc(20_000_000)]))
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body)
    }
  ],
  [
    'cannot be fetched: it is compressed, does not say its size and becomes more than 67108864 bytes; serve it uncompressed',
    (_, response) => {
      const body = gzipSync(Buffer.concat([PNG, Buffer.alloc(2 ** 26)]))
      response.writeHead(200, { 'content-encoding': 'gzip' }).write(body)
      response.end()
    }
  ]
])('an answer %s', async (fault, listener) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    await expect(readImage(`http://127.0.0.1:${port}/x.png`)).rejects.toThrow(fault)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
