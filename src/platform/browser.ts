// The browser side of `#platform`: the same names as `node.ts`, over fetch, createImageBitmap and Web Workers.
export * from './image.js'
export * from './browser-cache.js'
export * from './browser-crc32.js'
export * from './browser-files.js'
export * from './browser-images.js'
export * from './browser-packages.js'
export * from './browser-svg.js'
export * from './browser-workers.js'
