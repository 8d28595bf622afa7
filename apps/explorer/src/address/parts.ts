// The parts of the page, in the order of their tabs, and the URL parameters that all of them share.
import { oneOf, type Fields } from './codecs.js'

/** The parts, in the order of their tabs. */
export const PARTS = ['architecture', 'run', 'train'] as const

/** A part of the page. */
export type Part = (typeof PARTS)[number]

/** Languages of the page; by default the browser's. */
export const LANGUAGES = ['en', 'zh'] as const

/** A language of the page. */
export type Language = (typeof LANGUAGES)[number]

/** Parameters of the whole page. */
export interface PageFields {
  readonly lang: Language | undefined
  readonly theme: 'light' | 'dark' | undefined
}

export const pageFields: Fields<PageFields> = {
  lang: oneOf(LANGUAGES),
  theme: oneOf(['light', 'dark'])
}
