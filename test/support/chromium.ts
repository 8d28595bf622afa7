// Which browser the tests use: Debian's Chromium, or the one that CHROMIUM names.
import { existsSync } from 'node:fs'

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Tests are skipped where there is none. */
export const hasBrowser = existsSync(CHROMIUM)
