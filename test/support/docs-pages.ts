// The documentation pages whose code is tested.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { codeBlocks, type CodeBlock } from './markdown-blocks.js'
import { readPage, ROOT } from './docs-folder.js'

/** A page and its code. */
export interface Page {
  /** The path in the checkout. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly CodeBlock[]
}

/** README and every page of docs/ that is not generated. */
export function readPages(): Promise<Page[]> {
  const docs = readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md'))
  const paths = ['README.md', ...docs.map(name => `docs/${name}`)]
  return Promise.all(
    paths.map(async path => {
      const text = await readPage(path)
      return { path, text, blocks: codeBlocks(text) }
    })
  )
}

/** A block's name as a file name: `docs-tour-md-12`. */
export function blockName({ path }: Page, { line }: CodeBlock): string {
  return `${path.replace(/\W/g, '-')}-${line}`
}

/** Whether a block is code that can run without the network or a page. */
export function runsAlone({ language, flags }: CodeBlock): boolean {
  return ['ts', 'sh'].includes(language) && !flags.includes('no-run')
}

const FOLDERS = ['apps', 'assets', 'bench', 'examples', 'licenses', 'scripts', 'src', 'test', 'tools']

/** The paths of the checkout that a text names: `src/nn/module.ts`, `test/slow/*.test.ts`. */
export function pathsIn(text: string): string[] {
  return text.match(new RegExp(`(?<![\\w/.-])(?:${FOLDERS.join('|')})/[\\w./*-]*[\\w*]`, 'g')) ?? []
}

/** Says whether paths lead to something; `*` and a word in capitals stand for any name. */
export function pathFinder(): (path: string) => boolean {
  const entries = FOLDERS.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true }).map(name => `${folder}/${String(name)}`)
  )
  return path => {
    const name = path.replaceAll('.', '\\.').replace(/\*|\b[A-Z]{2,}\b/g, '[^/]+')
    return entries.some(entry => new RegExp(`^${name}$`).test(entry))
  }
}

/** The file that a block is meant to be saved as, if it is. */
export function savedAs({ flags }: CodeBlock): string | undefined {
  return flags.find(flag => flag.startsWith('save='))?.slice('save='.length)
}

/** Whether a page is a translation: `tour.zh.md`. */
export function isTranslation(path: string): boolean {
  return /\.\w\w\.md$/.test(path)
}
