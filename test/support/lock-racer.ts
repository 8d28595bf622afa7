// A process that takes and gives up the locks of folders as it is told, one folder a message.
import { lockFolder } from '../../src/cli/train/run-lock.js'
import { ResnetError } from '../../src/base/errors.js'

let unlock: (() => void) | undefined
process.on('message', async (folder: string) => {
  if (folder === '') {
    unlock?.()
    unlock = undefined
    process.send?.('given up')
    return
  }
  try {
    unlock = await lockFolder(folder)
    process.send?.('taken')
  } catch (error) {
    process.send?.(error instanceof ResnetError ? 'refused' : String(error))
  }
})
process.send?.('ready')
