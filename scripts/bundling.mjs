// What the bundles of the build have in common.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The licence texts of the packages that bundled files come from. */
export function licences(root, files) {
  const folders = files.map(file => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
  return [...new Set(folders)]
    .filter(folder => folder !== undefined)
    .sort()
    .map(folder => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const file = readdirSync(join(root, folder)).find(entry => /^licen[cs]e/i.test(entry))
      // For packages without a licence file the texts are in licenses/.
      const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : 'See the folder licenses/.'
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/**
 * An esbuild plugin that finds in a built folder what package.json maps to dist/, which may be missing or old while a new
 * one is made.
 * @param side `node` or `browser`.
 */
export function ownModules(built, side) {
  const found = path => ({ path: join(built, path) })
  return {
    name: 'own-modules',
    setup({ onResolve }) {
      onResolve({ filter: /^#platform$/ }, () => found(`platform/${side}.js`))
      onResolve({ filter: /^#ort-workers$/ }, () => found(`runtime/${side}-ort-workers.js`))
      onResolve({ filter: /^#loader-workers$/ }, () => found(`data/${side}-loader-workers.js`))
      onResolve({ filter: /^#text\// }, ({ path }) => found(`pages/${path.slice('#text/'.length)}.js`))
    }
  }
}
