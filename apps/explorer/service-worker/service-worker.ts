// Caches the page, so that it works offline once loaded, and adds the headers that multithreading needs if the server
// does not send them.
/** Filled in by the build: the files to cache at once, and a name that changes with any of them. */
declare const PAGE_FILES: readonly string[]
declare const PAGE_VERSION: string

const scope = self as unknown as ServiceWorkerGlobalScope
const STORE = 'resnet-ts-explorer'
const VERSION = `${STORE}-${PAGE_VERSION}`
/** After this time without a response the network counts as unavailable. */
const PATIENCE_MS = 3000

/** The URL of a file beside the page. */
const addressOf = (path: string): string => new URL(path, scope.registration.scope).href
// Other pages in its scope are left alone.
const PAGE = new Set(['./', './index.html'].map(addressOf))
const FILES = new Set(PAGE_FILES.map(addressOf))
const RUNTIME = addressOf('runtime/')

scope.addEventListener('install', event => {
  event.waitUntil(keepPage())
})

scope.addEventListener('activate', event => {
  event.waitUntil(takeOver())
})

scope.addEventListener('fetch', event => {
  const { request } = event
  if (request.method !== 'GET' || request.headers.has('range')) return
  const address = request.url.replace(/[?#].*/, '')
  if (PAGE.has(address)) event.respondWith(answerPage(event))
  else if (FILES.has(address) || address.startsWith(RUNTIME)) event.respondWith(answerFile(event))
})

async function keepPage(): Promise<void> {
  const store = await caches.open(VERSION)
  await store.addAll(PAGE_FILES.map(file => new Request(file, { cache: 'reload' })))
}

/** Deletes the caches of older versions; this version is activated only once no page uses those. */
async function takeOver(): Promise<void> {
  const others = (await caches.keys()).filter(name => name.startsWith(STORE) && name !== VERSION)
  await Promise.all(others.map(name => caches.delete(name)))
  await scope.clients.claim()
}

/** Network first for the page itself, so that it is never outdated. */
async function answerPage({ request }: FetchEvent): Promise<Response> {
  const kept = await (await caches.open(VERSION)).match(addressOf('./'))
  if (!kept) return isolated(await fetch(request))
  const late = new Promise<Response>(resolve => setTimeout(() => resolve(kept), PATIENCE_MS))
  return isolated(await Promise.race([fetch(request).catch(() => kept), late]))
}

/** Cache first for its files, whose names are hashes; the runtime is cached on its first request. */
async function answerFile(event: FetchEvent): Promise<Response> {
  const store = await caches.open(VERSION)
  const kept = await store.match(event.request, { ignoreSearch: true })
  if (kept) return isolated(kept)
  const response = await fetch(event.request, { cache: 'no-cache' })
  // If the disk is full, the page still works online.
  if (response.ok) event.waitUntil(store.put(event.request, response.clone()).catch(() => {}))
  return isolated(response)
}

/** The response with the headers for cross-origin isolation, which shared memory requires. */
function isolated(response: Response): Response {
  // Error and redirect responses are opaque: pass them on.
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}
