import type { Command } from 'commander'
import { fileURLToPath } from 'node:url'
import { sayWritten } from '../terminal/output.js'

/** The scripts, relative to the bundled command line, which is a single folder. */
const SCRIPTS = fileURLToPath(new URL('../browser', import.meta.url))

export function addBundle(program: Command): void {
  program
    .command('bundle')
    .description('write the library as plain scripts, for a page without a bundler')
    .requiredOption('--out <folder>', 'where to write them, 43 MB; the page imports resnet-ts.js from there')
    .option('--overwrite', 'replace files in that folder that this command did not write')
    .addHelpText(
      'after',
      "\nExample:\n  $ resnet bundle --out public/resnet-ts\n  then in a page: import { resnet18 } from './resnet-ts/resnet-ts.js'"
    )
    .action(bundle)
}

interface BundleOptions {
  readonly out: string
  readonly overwrite?: boolean
}

async function bundle({ out, overwrite }: BundleOptions): Promise<void> {
  const { copySite, runtimeFiles } = await import('../site/site.js')
  await copySite([{ at: '/', folder: SCRIPTS }, runtimeFiles('/')], out, overwrite)
  await sayWritten(out, 'the library as plain scripts; a page imports resnet-ts.js from there')
}
