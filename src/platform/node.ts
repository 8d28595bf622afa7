// The Node side of `#platform`: files, image decoding, worker threads. Its twin is `browser.ts`.
export * from './image.js'
export * from './node-cache.js'
export * from './node-crc32.js'
export * from './node-files.js'
export * from './node-images.js'
export * from './node-packages.js'
export * from './node-svg.js'
export * from './node-workers.js'
