// What has to be said to the reader beside the content: a list that any part can add to.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** Tells the reader something, in a sentence; saying it again says it once. */
export type Notify = (message: string) => void

export const NotifyContext = createContext<Notify>(() => {})

/** How this component tells the reader something. */
export function useNotify(): Notify {
  return useContext(NotifyContext)
}
