// A process that takes and gives up the locks of folders as it is told, one folder a message.
import { lockFolder, type FolderLock } from '../train/run-lock.js'
import { ResnetError } from '../../base/errors.js'

let lock: FolderLock | undefined

async function answerTo(folder: string): Promise<string> {
  if (folder === '') {
    lock?.release()
    lock = undefined
    return 'given up'
  }
  try {
    lock = await lockFolder(folder)
    return 'taken'
  } catch (error) {
    return error instanceof ResnetError ? 'refused' : String(error)
  }
}

process.on('message', (folder: string) => {
  void answerTo(folder).then(answer => process.send?.(answer))
})
process.send?.('ready')
