// NOTICE names the licence of every package that an installation brings; their names may end in `*`.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

interface Locked {
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
const installed = Object.entries(packages)
  // The package itself has the empty path.
  .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
  .map(([path, { license }]) => ({ name: path.replace(/^.*node_modules\//, ''), licence: license ?? 'none' }))

/** The lines `LICENCE: name, name, …` of the section about installed packages, which ends the file. */
const named = read('NOTICE')
  .split('Packages that an installation brings')[1]
  .split(/\n\n/)
  .flatMap(paragraph => {
    const [, licence, names] = /^ {2}(\S[^:]*):\s+([\s\S]+)$/.exec(paragraph) ?? []
    return licence === undefined
      ? []
      : names
          .trim()
          .split(/,\s+/)
          .map(name => ({ licence: licence.replace(/\s+/g, ' '), name }))
  })

const fits = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern

describe('NOTICE', () => {
  it('names every package that an installation brings, under its licence', () => {
    const missing = installed.filter(
      ({ name, licence }) => !named.some(entry => entry.licence === licence && fits(name, entry.name))
    )
    expect(missing).toEqual([])
  })

  it('names no package that it does not bring', () => {
    const surplus = named.filter(
      entry => !installed.some(({ name, licence }) => entry.licence === licence && fits(name, entry.name))
    )
    expect(surplus).toEqual([])
  })

  it('says what copyleft licences cover', () => {
    const licences = new Set(named.map(({ licence }) => licence))
    for (const licence of ['LGPL-3.0-or-later', 'MPL-2.0']) expect(licences).toContain(licence)
    expect(read('NOTICE')).toMatch(/libvips.*LGPL/s)
    expect(read('NOTICE')).toMatch(/resvg.*MPL/s)
  })
})
