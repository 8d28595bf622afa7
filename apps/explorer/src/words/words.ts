// The page's words in the reader's language, wherever a component needs them.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../address/parts.js'
import { en, type Words } from './en.js'
import { zh } from './zh.js'

export type { Words } from './en.js'

const LANGUAGE_WORDS: Readonly<Record<Language, Words>> = { en, zh }

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return LANGUAGE_WORDS[language]
}

/** The language that the browser asks for, as far as the page speaks it. */
export function browserLanguage(): Language {
  return navigator.languages.find(each => /^(en|zh)\b/i.test(each))?.startsWith('zh') ? 'zh' : 'en'
}

export const WordsContext = createContext<Words>(en)

/** The words to use here. */
export function useWords(): Words {
  return useContext(WordsContext)
}
