// What tells that weights were trained as Caffe's were, which neither their names nor their shapes do.

/** A configuration that says so: OpenMMLab's, detectron2's. */
const CONFIGURED = /\bstyle['"]?\s*[=:]\s*(['"]?)caffe\1|\bSTRIDE_IN_1X1['"]?\s*[=:]\s*true\b/i
const NAMED = /(?<![a-z])(caffe2?|msra|bgr)(?![a-z])/i

/** What an entry of a checkpoint says of it: `style='caffe'`. */
export function caffeIn(key: string, text: string): string | undefined {
  if (key === '__author__') return NAMED.test(text) ? `${key}: ${text}` : undefined
  return CONFIGURED.exec(text)?.[0]
}

/** What a file's name says of it: `caffe` in `resnet50_caffe-788b5fa3.pth`. */
export function caffeInName(path: string): string | undefined {
  return NAMED.exec(path.split(/[\\/]/).at(-1) ?? '')?.[0]
}
