// Turns the style sheets (`*.css`) and browser scripts (`*.script.ts`) of src/pages into modules of text, each bundled
// with what it imports, so that a page holds them whole. Source asks for them as `#text/charts/charts.css` and
// `#text/charts/draw-charts.script`: package.json leads Node, vitest and users' bundlers from there to
// dist/pages/**/*.js; the build's own bundles, made before dist/ is in place, use `ownModules`; tsc reads src/pages/text.d.ts.
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { licences } from './bundling.mjs'

const SOURCE = /\.(css|script\.ts)$/

/** Writes the modules into a built folder. */
export async function writePageTexts(root, built) {
  const files = readdirSync(join(root, 'src/pages'), { recursive: true }).filter(file => SOURCE.test(file))
  await Promise.all(
    files.map(async file => {
      const path = join(built, 'pages', `${file.replace(/\.ts$/, '')}.js`)
      const text = await bundled(root, join('src/pages', file))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `export default ${JSON.stringify(file.endsWith('.css') ? text : withHash(text))}\n`)
    })
  )
}

async function bundled(root, file) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning'
  })
  const owed = licences(root, Object.keys(metafile.inputs)).trim()
  const text = `${owed === '' ? '' : `/*!\n${owed}\n*/\n`}${outputFiles[0].text.trim()}`
  // Either would end the inlining HTML element early, or comment out its end.
  if (/<\/(script|style)|<!--/i.test(text))
    throw new Error(`${file}: contains </script, </style or <!--, so it cannot be inlined into HTML`)
  return text
}

/** A script and its hash, for the page's Content-Security-Policy. */
function withHash(code) {
  return { code, hash: `sha256-${createHash('sha256').update(code).digest('base64')}` }
}
