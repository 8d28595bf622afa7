// Keeps the page on the reader's disk, so that it works offline once loaded, and adds the headers that let the runtime
// use several threads where the server does not send them.
/** Written in when the page is built: every file it needs at once, and a name that changes with any of them. */
declare const PAGE_FILES: readonly string[]
declare const PAGE_VERSION: string

const scope = self as unknown as ServiceWorkerGlobalScope
const STORE = 'resnet-ts-explorer'
const VERSION = `${STORE}-${PAGE_VERSION}`
/** How long the network may take to answer before it counts as none. */
const PATIENCE_MS = 3000

scope.addEventListener('install', event => {
  event.waitUntil(keepPage())
})

scope.addEventListener('activate', event => {
  event.waitUntil(takeOver())
})

scope.addEventListener('fetch', event => {
  const { request } = event
  const isOurs = request.url.startsWith(scope.registration.scope)
  if (request.method === 'GET' && isOurs && !request.headers.has('range')) event.respondWith(answer(request))
})

async function keepPage(): Promise<void> {
  const store = await caches.open(VERSION)
  await store.addAll(PAGE_FILES.map(file => new Request(file, { cache: 'reload' })))
  await scope.skipWaiting()
}

/** Drops what older versions kept; a page that is open goes on with this one. */
async function takeOver(): Promise<void> {
  const others = (await caches.keys()).filter(name => name.startsWith(STORE) && name !== VERSION)
  await Promise.all(others.map(name => caches.delete(name)))
  await scope.clients.claim()
}

/** The page itself comes from the network where there is one, so that it is never old; its files have hashes for names. */
async function answer(request: Request): Promise<Response> {
  const store = await caches.open(VERSION)
  const kept = await store.match(request, { ignoreSearch: true })
  const fetchAndKeep = async (): Promise<Response> => {
    const response = await fetch(request)
    if (response.ok) await store.put(request, response.clone())
    return response
  }
  if (!kept) return isolated(await fetchAndKeep())
  if (request.mode !== 'navigate') return isolated(kept)
  return isolated(await Promise.race([fetchAndKeep().catch(() => kept), late(kept)]))
}

function late(response: Response): Promise<Response> {
  return new Promise(resolve => setTimeout(() => resolve(response), PATIENCE_MS))
}

/** The same answer with the headers that a page needs for threads that share memory. */
function isolated(response: Response): Response {
  if (response.type === 'error' || response.type === 'opaque') return response
  const headers = new Headers(response.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}
