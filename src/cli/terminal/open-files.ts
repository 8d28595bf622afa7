// The limit of open files; this must import nothing, as src/cli/main.ts reports it where no file can be opened.

/** What to do where a part of Node met the system's limit while it loaded files or started a thread. */
export function limitOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined
  if (error.code !== 'EMFILE' && error.code !== 'ENFILE') return undefined
  return `more files are needed at once than may be open (${error.code}): raise the limit (ulimit -n)`
}
