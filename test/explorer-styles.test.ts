import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const here = new URL('../apps/explorer/src/style/', import.meta.url)
const sheets = readdirSync(here).filter(name => name.endsWith('.css'))

describe('the style sheets', () => {
  it('name no animation twice: they share one page, where the last one would win', () => {
    const names = sheets.flatMap(
      name => readFileSync(new URL(name, here), 'utf8').match(/@keyframes \S+/g) ?? []
    )
    expect(names.length).toBeGreaterThan(1)
    expect(new Set(names).size).toBe(names.length)
  })
})
