// The command where hardly any file may be open at once: fewer than its own files, which load together.
import { execFile } from 'node:child_process'
import { expect, it } from 'vitest'
import { MAIN } from './support/run-cli.js'

// Node itself, 20, needs 18 to start at all, and one more to read a script.
it.skipIf(process.platform === 'win32').each([26, 34])('is one line with %i files', async most => {
  const script = `ulimit -n ${most}; exec "$0" "$@"`
  const found = await new Promise(resolve => {
    execFile('sh', ['-c', script, process.execPath, MAIN, 'list'], (error, stdout, stderr) => {
      resolve({ code: error?.code, stdout, stderr })
    })
  })
  expect(found).toEqual({
    code: 2,
    stdout: '',
    stderr: 'resnet: more files are needed at once than may be open (EMFILE): raise the limit (ulimit -n)\n'
  })
})
