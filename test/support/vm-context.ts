// The built library as a script in a context of `node:vm`, as Jest and Vitest's `vmThreads` run modules.
import { build } from 'esbuild'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import vm from 'node:vm'
import { ROOT } from './docs-folder.js'

/** A script that exports all of the library, and what `more` exports. */
export async function libraryScript(more = ''): Promise<vm.Script> {
  const parts = ['index', 'api/images', 'api/data', 'api/functional', 'api/explain']
  const contents = parts.map(part => `export * from './dist/${part}.js'\n`).join('')
  const { outputFiles } = await build({
    stdin: { contents: contents + more, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    external: ['sharp', 'onnxruntime-node', '@resvg/resvg-js'],
    define: { 'import.meta.url': 'here' }
  })
  // As in a module, what is declared at the top is no global.
  return new vm.Script(`(() => {${outputFiles[0].text}\n})()`)
}

/** What Node adds to JavaScript's own globals, which a context has anew. */
export function globalsOfNode(): object {
  const own = new Set(vm.runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[])
  const added = Object.getOwnPropertyNames(globalThis).filter(name => !own.has(name) && name !== 'global')
  return Object.fromEntries(added.map(name => [name, Reflect.get(globalThis, name) as unknown]))
}

/** Runs the script with these globals; returns its exports. */
export function runInContext(script: vm.Script, globals: object): unknown {
  const module = { exports: {} as unknown }
  const own = {
    module,
    require: createRequire(import.meta.url),
    // A file as deep as those that look for assets/.
    here: pathToFileURL(join(ROOT, 'dist/data/bundled.js')).href
  }
  script.runInContext(
    vm.createContext(Object.defineProperties(globals, Object.getOwnPropertyDescriptors(own)))
  )
  return module.exports
}
