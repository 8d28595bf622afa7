// What addresses lead to, in the browser.
import { isA, messageOf } from '../../base/kinds.js'
import type { NetworkFault } from '../answers.js'

/** The whole address of one that may be relative to the page, or to the script of a worker. */
export function resolveAddress(address: string | URL): string {
  const base = typeof document === 'undefined' ? location.href : document.baseURI
  return URL.canParse(address, base) ? new URL(address, base).href : String(address)
}

/** Why a request failed: a page is told only that it did. */
export async function networkFault(
  error: unknown,
  address: string,
  hasBegun: boolean
): Promise<NetworkFault> {
  if (!navigator.onLine) return { fault: 'this device is offline', passes: true }
  const url = resolveAddress(address)
  if (!URL.canParse(url)) return { fault: 'is not an address', passes: false }
  const { origin, host, protocol } = new URL(url)
  if (protocol === 'file:') {
    return { fault: 'a page cannot read files by their address; give it the File', passes: false }
  }
  if (protocol === 'data:') return { fault: 'is not a data URL that can be decoded', passes: false }
  // What else there is: a request that was given up.
  if (!(isA(Error, error) && error.name === 'TypeError')) {
    return { fault: messageOf(error) || String(error), passes: true }
  }
  if (!hasBegun && (await redirects(url))) {
    // Each request without end is twenty; but what is behind a redirect may also have failed for a moment.
    return { fault: 'the address redirects without end, or to where no file can be fetched', passes: 'once' }
  }
  const fault =
    origin === location.origin
      ? 'the connection failed'
      : `the connection to ${host} failed, or it does not let pages of other origins read its files (CORS)`
  return { fault, passes: true }
}

const PATIENCE_MS = 5000

/** Whether a server answers there, with a redirect. */
async function redirects(url: string): Promise<boolean> {
  try {
    const asking = { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) } as const
    return (await fetch(url, asking)).type === 'opaqueredirect'
  } catch {
    return false
  }
}

/** Runs a JavaScript file, only for addresses that the user named, and gives what it exports. */
export async function importModule(path: string | URL): Promise<object> {
  const { href } = new URL(path, document.baseURI)
  // The address is known only when this runs: bundlers leave it alone.
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ href)) as object
}
