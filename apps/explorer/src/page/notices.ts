import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** Shows a notice; repeated ones are shown once. */
export type Notify = (message: string) => void

export const NotifyContext = createContext<Notify>(() => {})

/** A function that shows a notice. */
export function useNotify(): Notify {
  return useContext(NotifyContext)
}
