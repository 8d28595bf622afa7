// Where user code runs: a worker in a frame that has no origin, so that the page's caches, databases and channels are not
// its own, and a policy under which nothing can be requested. The build reads this file for the policy of the page.

/** Runs in the frame: starts a worker from the text that the page sends, and passes its answers on, as text. */
export const SANDBOX_SCRIPT = `
addEventListener('message', ({ source, data: { script, request }, ports: [port] }) => {
  if (source !== parent) return
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
  const worker = new Worker(url, { name: 'pasted' })
  worker.addEventListener('message', ({ data }) => port.postMessage(String(data)))
  worker.addEventListener('error', ({ message }) => port.postMessage('broken:' + message))
  worker.postMessage(request)
}, { once: true })`

/** Blobs are what the code consists of; there is no address that it may ask. */
const SANDBOX_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'"
].join('; ')

/**
 * The page's own policy: what it loads comes from its own origin, and nothing goes elsewhere. The frame inherits it.
 * @param sandboxHash of SANDBOX_SCRIPT.
 */
export const pagePolicy = (sandboxHash: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' blob: 'wasm-unsafe-eval' '${sandboxHash}'`,
    "worker-src 'self' blob:",
    "connect-src 'self' blob:",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'"
  ].join('; ')

/** The frame, not yet in the page. Removing it ends its worker. */
export function sandboxFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.setAttribute('sandbox', 'allow-scripts')
  frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${SANDBOX_POLICY}"><script>${SANDBOX_SCRIPT}</script>`
  return frame
}
