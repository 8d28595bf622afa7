// The page's words in the reader's language, as a context for its components.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../address/address.js'
import { en, type Words } from './en.js'
import { zh } from './zh.js'

export type { Words } from './en.js'

export const WORDS: Readonly<Record<Language, Words>> = { en, zh }

/** The browser's preferred language among those the page has. */
export function browserLanguage(): Language {
  return navigator.languages.find(each => /^(en|zh)\b/i.test(each))?.startsWith('zh') ? 'zh' : 'en'
}

export const WordsContext = createContext<Words>(en)

/** The words in the current language. */
export function useWords(): Words {
  return useContext(WordsContext)
}
