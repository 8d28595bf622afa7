// Light or dark: the user's choice, or the system's setting.
import { useEffect, useState } from 'preact/hooks'

const SYSTEM = window.matchMedia('(prefers-color-scheme: dark)')

/** Sets the colour scheme; returns whether it is dark. */
export function useColours(chosen: 'light' | 'dark' | undefined): boolean {
  const [isSystemDark, setSystemDark] = useState(SYSTEM.matches)
  useEffect(() => {
    const listener = (): void => setSystemDark(SYSTEM.matches)
    SYSTEM.addEventListener('change', listener)
    return () => SYSTEM.removeEventListener('change', listener)
  }, [])
  useEffect(() => {
    if (chosen) document.documentElement.dataset.theme = chosen
    else delete document.documentElement.dataset.theme
  }, [chosen])
  return chosen === undefined ? isSystemDark : chosen === 'dark'
}
