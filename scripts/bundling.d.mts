/** The licence texts of the packages that bundled files come from; the files' paths are relative to `root`. */
export function licences(root: string, files: readonly string[]): string
