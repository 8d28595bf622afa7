// The Node side of `#platform`, with the same names as `browser.ts`.
export * from './file.js'
export * from './image.js'
export * from './node/addresses.js'
export * from './node/cache.js'
export * from './node/crc32.js'
export * from './node/files.js'
// Without making folders, which no page can.
export { listFolder, readFolder, type FolderContents, type FolderEntry } from './node/folders.js'
export * from './node/images.js'
export * from './node/sha256.js'
export * from './node/workers.js'
