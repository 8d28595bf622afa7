// The parts of the page, in the order of their tabs, and the names its address has for what belongs to all of them.
import { oneOf, type Fields } from './codecs.js'

/** What the page can show. */
export const PARTS = ['architecture', 'run', 'train'] as const

/** A part of the page. */
export type Part = (typeof PARTS)[number]

/** Languages the page speaks; nothing means the browser's. */
export const LANGUAGES = ['en', 'zh'] as const

/** A language of the page. */
export type Language = (typeof LANGUAGES)[number]

/** What holds for every part. */
export interface PageFields {
  readonly lang: Language | undefined
  readonly theme: 'light' | 'dark' | undefined
}

export const pageFields: Fields<PageFields> = {
  lang: oneOf(LANGUAGES),
  theme: oneOf(['light', 'dark'])
}
