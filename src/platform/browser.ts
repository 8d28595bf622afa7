// The browser side of `#platform`, with the same names as `node.ts`.
export * from './file.js'
export * from './image.js'
export * from './browser/addresses.js'
export * from './browser/cache.js'
export * from './browser/checksums.js'
export * from './browser/files.js'
export * from './browser/images.js'
export * from './browser/workers.js'
