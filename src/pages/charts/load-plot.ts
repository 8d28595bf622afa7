// Loads uPlot, which asks for the browser's language as it is loaded, and throws where that is none, such as 'C'.
import type uPlot from 'uplot'

export async function loadPlot(): Promise<typeof uPlot> {
  try {
    Intl.getCanonicalLocales(navigator.language)
  } catch {
    Object.defineProperty(navigator, 'language', { configurable: true, value: 'en' })
  }
  return (await import('uplot')).default
}
