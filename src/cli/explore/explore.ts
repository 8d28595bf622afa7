import type { Command } from 'commander'
import { fileURLToPath } from 'node:url'
import { wholeNumber } from '../parse-options.js'
import { note, print, sayWritten } from '../terminal/output.js'
import type { ServeOptions } from './serve.js'

/** The built page, relative to the bundled command line, which is a single folder. */
const PAGE = fileURLToPath(new URL('../explorer', import.meta.url))

export function addExplore(program: Command): void {
  program
    .command('explore')
    .description('open the explorer: a page to look into networks, run them and train them, in the browser')
    .option('--port <n>', 'where to serve it; 0 takes any free port', wholeNumber(0), 5018)
    .option('--host <host>', 'for whom: localhost, or 0.0.0.0 for the whole network', 'localhost')
    .option('--out <folder>', 'write the page into a folder for any web server instead')
    .option('--overwrite', 'replace files in that folder that this command did not write')
    .addHelpText('after', '\nExamples:\n  $ resnet explore\n  $ resnet explore --out public')
    .action(explore)
}

interface ExploreOptions extends ServeOptions {
  readonly out?: string
  readonly overwrite?: boolean
}

async function explore({ out, overwrite, ...options }: ExploreOptions): Promise<void> {
  const { builtPage, copySite, runtimeFiles } = await import('../site/site.js')
  const { serve } = await import('./serve.js')
  // The page was built with this path.
  const site = [builtPage(PAGE), runtimeFiles('/runtime/')]
  if (out !== undefined) {
    await copySite(site, out, overwrite)
    await sayWritten(out, 'the explorer, for any web server')
    return
  }
  const server = await serve(site, options)
  print(server.address)
  note('Ctrl+C ends it.')
  await server.closed
}
