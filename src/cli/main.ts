#!/usr/bin/env node
// The `resnet` command as a process. It imports nothing before it can say what went wrong, and is bundled as one file: where
// hardly any file may be open at once, those of the command itself cannot be loaded.
import { limitOf } from './terminal/open-files.js'

await import('./command.js').catch((error: unknown) => {
  const limit = limitOf(error)
  if (limit === undefined) throw error
  process.stderr.write(`resnet: ${limit}\n`)
  process.exit(2)
})
