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

/** The address of something beside the page. */
const addressOf = (path: string): string => new URL(path, scope.registration.scope).href
// Its scope may hold other pages, which are not its concern.
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

/** Drops what older versions kept, which no page uses any more: until then this one waits. */
async function takeOver(): Promise<void> {
  const others = (await caches.keys()).filter(name => name.startsWith(STORE) && name !== VERSION)
  await Promise.all(others.map(name => caches.delete(name)))
  await scope.clients.claim()
}

/** The page itself comes from the network where there is one, so that it is never old. */
async function answerPage({ request }: FetchEvent): Promise<Response> {
  const kept = await (await caches.open(VERSION)).match(addressOf('./'))
  if (!kept) return isolated(await fetch(request))
  return isolated(await Promise.race([fetch(request).catch(() => kept), late(kept)]))
}

/** Its files have hashes for names; the runtime is kept when it is first asked for, and is of this version as they are. */
async function answerFile(event: FetchEvent): Promise<Response> {
  const store = await caches.open(VERSION)
  const kept = await store.match(event.request, { ignoreSearch: true })
  if (kept) return isolated(kept)
  const response = await fetch(event.request, { cache: 'no-cache' })
  // Without room for it the page works as well, as long as there is a network.
  if (response.ok) event.waitUntil(store.put(event.request, response.clone()).catch(() => {}))
  return isolated(response)
}

function late(response: Response): Promise<Response> {
  return new Promise(resolve => setTimeout(() => resolve(response), PATIENCE_MS))
}

/** The same answer with the headers that a page needs for threads that share memory. */
function isolated(response: Response): Response {
  // Errors and redirections, which nobody may look into.
  if (response.status === 0) return response
  const headers = new Headers(response.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}
