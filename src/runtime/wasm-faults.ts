// What ONNX Runtime's WebAssembly reports, in words for whoever builds or looks at a page.

/**
 * What went wrong, in one sentence, where the runtime's own words would tell nobody.
 * @param file the name of the runtime's `.wasm` file.
 */
export function wasmFault(error: unknown, file: string): string | undefined {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('no available backend found')) {
    const where = `serve it beside the engine's worker, or name its folder: createEngine({ wasm })`
    const reason = /Aborted\((.*?)\)\./.exec(text)?.[1] ?? text
    return `ONNX Runtime's ${file} cannot be loaded: ${where} (${reason})`
  }
  // Addresses have 32 bits there: what does not fit overflows, or cannot be had. A bare number is an exception in C++.
  if (
    /bad_alloc|out of memory|Integer overflow|memory access out of bounds|Out of bounds|^\d+$/i.test(text)
  ) {
    return 'The page has not enough memory for this: a smaller batch or smaller images may fit'
  }
  return undefined
}
