// The package's entries as package.json declares them, loaded by the names that users import them by.
import { createRequire } from 'node:module'

const manifest = createRequire(import.meta.url)('../../package.json') as { readonly exports: object }

/** One entry: the name it is imported by, and what it offers at run time. */
export interface PublicEntry {
  /** `resnet-ts` or `resnet-ts/nn`. */
  readonly name: string
  /** Its declarations, below dist/. */
  readonly types: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** All entries, the root first. */
export function publicEntries(): Promise<PublicEntry[]> {
  const declared = Object.entries<{ readonly types?: string }>({ ...manifest.exports })
  return Promise.all(
    declared.flatMap(([path, { types }]) => {
      // The scripts of workers are not imported.
      if (types === undefined || path.endsWith('worker')) return []
      const name = `resnet-ts${path.slice(1)}`
      return [import(name).then((exports: Record<string, unknown>) => ({ name, types, exports }))]
    })
  )
}
