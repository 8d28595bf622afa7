// What a class is called that may have no name.

/** The name of a class; a network may have more outputs than its data has classes. */
export function className(classes: readonly string[], index: number): string {
  return classes[index] ?? `class ${index}`
}
