// What addresses lead to, in the browser.

/** The whole address of one that may be relative to the page, or to the script of a worker. */
export function resolveAddress(address: string | URL): string {
  const base = typeof document === 'undefined' ? location.href : document.baseURI
  return URL.canParse(address, base) ? new URL(address, base).href : String(address)
}

/** Why a request failed, as the end of a sentence: a page is told only that it did. */
export function networkFault(error: unknown, address: string): string {
  if (!navigator.onLine) return 'this device is offline'
  if (!URL.canParse(resolveAddress(address))) return 'is not an address'
  // What else there is: a request that was given up.
  if (!(error instanceof TypeError))
    return error instanceof Error ? error.message || error.name : String(error)
  const { origin, host } = new URL(resolveAddress(address))
  return origin === location.origin
    ? 'the connection failed'
    : `the connection to ${host} failed, or it does not let pages of other origins read its files (CORS)`
}

/** Runs a JavaScript file, only for addresses that the user named, and gives what it exports. */
export async function importModule(path: string | URL): Promise<object> {
  const { href } = new URL(path, document.baseURI)
  // The address is known only when this runs: bundlers leave it alone.
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ href)) as object
}
