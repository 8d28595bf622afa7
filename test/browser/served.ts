// Files of the checkout, which the tests' server serves.

/** The absolute URL of a golden file. */
export function goldenAddress(path: string): string {
  return `/test/goldens/${path}`
}

/** A file's bytes. */
export async function served(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address)
  // The server responds with an HTML page for missing files.
  if (!response.ok || response.headers.get('content-type')?.includes('html') === true)
    throw new Error(`${address} is not served`)
  return new Uint8Array(await response.arrayBuffer())
}

/** A parsed JSON golden file. */
export async function golden<T>(path: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await served(goldenAddress(path)))) as T
}

/** SHA-256 in hex digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('')
}
