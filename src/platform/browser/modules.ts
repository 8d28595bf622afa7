/**
 * Runs a JavaScript file and gives what it exports: only for addresses that the user named.
 * @throws whatever the file throws.
 */
export async function importModule(path: string | URL): Promise<object> {
  const { href } = new URL(path, document.baseURI)
  // The address is known only when this runs: bundlers leave it alone.
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ href)) as object
}
