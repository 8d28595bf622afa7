// What the package offers as a whole: its entries fit each other, and every function with options checks them.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ResnetError, zeros } from 'resnet-ts'
import { publicEntries } from './support/public-entries.js'

const entries = await publicEntries()
const files = entries.map(({ types }) => fileURLToPath(new URL(`../${types}`, import.meta.url)))
const program = ts.createProgram(files, {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true
})
const checker = program.getTypeChecker()

/** A name of the API, and what it stands for. */
interface Public {
  readonly name: string
  readonly entry: number
  readonly symbol: ts.Symbol
}

const names: Public[] = files.flatMap((file, entry) => {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${file} has no declarations`)
  return checker.getExportsOfModule(module).map(symbol => ({
    name: symbol.name,
    entry,
    symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }))
})

describe('the entries', () => {
  it('offer a root that can be read at a glance', () => {
    expect(names.filter(({ entry }) => entry === 0).length).toBeLessThan(100)
  })

  it('give each name one meaning', () => {
    const meanings = new Map<string, ts.Symbol>()
    for (const { name, symbol } of names) {
      expect(meanings.get(name) ?? symbol, name).toBe(symbol)
      meanings.set(name, symbol)
    }
  })

  it('share what several of them offer', () => {
    const values = new Map<string, unknown>()
    for (const [name, value] of entries.flatMap(({ exports }) => Object.entries(exports))) {
      expect(values.get(name) ?? value, name).toBe(value)
      values.set(name, value)
    }
  })

  it("shadow no global of Node's or of a page's", () => {
    const all = checker.getSymbolsInScope(
      program.getSourceFile(files[0]) as ts.Node,
      ts.SymbolFlags.Value | ts.SymbolFlags.Type
    )
    const globals = new Set([...all.map(({ name }) => name), ...Object.getOwnPropertyNames(globalThis)])
    expect(globals.has('Node') && globals.has('Buffer') && globals.has('Range')).toBe(true)
    expect(names.map(({ name }) => name).filter(name => globals.has(name))).toEqual([])
  })
})

/** Calls a function or makes an instance of a class. */
function calling(name: string, values: readonly unknown[], entry?: number): unknown {
  const { exports } = entries[entry ?? names.find(each => each.name === name)?.entry ?? 0]
  const callable = exports[name] as (...values: readonly unknown[]) => unknown
  const isClass = /^class\b/.test(Function.prototype.toString.call(callable))
  return isClass ? (Reflect.construct(callable, values) as unknown) : callable(...values)
}

describe('arguments that are wrong', () => {
  // Errors take any message.
  const callables = names.filter(
    ({ name, entry }) => typeof entries[entry].exports[name] === 'function' && !name.endsWith('Error')
  )
  const each = [...new Map(callables.map(({ name, symbol }) => [name, symbol]))]
  // What has no text of its own: a message that writes it as text throws an error of JavaScript's instead.
  const bare: unknown = Object.create(null)
  const lists = [[Symbol('a')], [null], [{}], [1n], [bare], [() => 1], [[Symbol('a')]]]

  const sentenceOrNone = async (name: string, values: readonly unknown[]): Promise<void> => {
    await (async (): Promise<unknown> => calling(name, values))().catch((error: unknown) => {
      if (!(error instanceof ResnetError)) throw error
    })
  }

  it.each(each)('are refused by %s in a sentence, or do no harm', async name => {
    for (const value of [undefined, null, 3, 'x', {}, [], () => 1, ...lists]) {
      await sentenceOrNone(name, [value])
    }
  })

  const parametersOf = (symbol: ts.Symbol): number => {
    const type = checker.getTypeOfSymbol(symbol)
    const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()]
    return Math.max(0, ...signatures.map(({ parameters }) => parameters.length))
  }
  const ofSeveral = each.filter(([, symbol]) => parametersOf(symbol) > 1)

  it('are given in second place to many', () => expect(ofSeveral.length).toBeGreaterThan(150))

  it.each(ofSeveral)('are refused by %s after others that fit', async (name, symbol) => {
    for (const fitting of [zeros([2, 3, 4, 4]), 8, 'x']) {
      for (const wrong of [[Symbol('a')], [1n], [bare], Symbol('a'), bare, null, 2 ** 53]) {
        await sentenceOrNone(name, [fitting, wrong])
        if (parametersOf(symbol) > 2) await sentenceOrNone(name, [fitting, fitting, wrong])
      }
    }
  })
})

describe('arguments that are wrong in ways of their own', () => {
  const odd = [Symbol('a'), Object.create(null), 10n, { dim: 1 }, '1', null, [[]]]
  const value = zeros([2, 3])
  const axes = ['sum', 'mean', 'amax', 'variance', 'softmax', 'logSoftmax', 'flatten', 'slice']
  axes.push('squeeze', 'unsqueeze', 'transpose', 'chunk')
  const sole = ['CifarResNet', 'CifarPreActResNet', 'Bottleneck', 'fetchWeights', 'contactSheet']
  sole.push('metricsLine', 'sequentialOrder', 'shuffledOrder', 'manualSeed')

  it.each(axes)('are refused as an axis by %s', name => {
    for (const axis of odd) expect(() => calling(name, [value, axis]), name).toThrow(ResnetError)
  })

  it.each(sole)('are refused by %s', async name => {
    for (const first of [Symbol('a'), 10n, { toString: null }, 2 ** 53, [[]]]) {
      await (async (): Promise<unknown> => calling(name, [first, first]))().catch((error: unknown) => {
        if (!(error instanceof ResnetError)) throw error
      })
    }
  })

  it('are named by who was called', () => {
    for (const [name, first] of [
      ['rand', 3],
      ['randn', 3],
      ['zeros', undefined],
      ['ones', undefined],
      ['manualSeed', '0'],
      ['concatenateDatasets', []]
    ] as const)
      expect(() => calling(name, [first])).toThrow(`${name}: `)
  })
})

describe('options', () => {
  // `Error` itself reads the options of an error.
  const isOptions = (type: ts.Type): boolean => {
    const name = type.aliasSymbol?.name ?? type.symbol?.name ?? ''
    const properties = checker.getPropertiesOfType(type)
    if (name === 'ErrorOptions' || properties.length === 0 || type.getCallSignatures().length > 0)
      return false
    return (
      name.endsWith('Options') ||
      properties.every(property => Boolean(property.flags & ts.SymbolFlags.Optional))
    )
  }
  const isObject = (type: ts.Type): boolean =>
    Boolean(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))

  const taking = new Map(
    names.flatMap(({ name, entry, symbol }) => {
      if (!(symbol.flags & ts.SymbolFlags.Value)) return []
      const type = checker.getTypeOfSymbol(symbol)
      return [...type.getCallSignatures(), ...type.getConstructSignatures()].flatMap(signature =>
        signature.getParameters().flatMap((parameter, index) => {
          const given = checker.getNonNullableType(checker.getTypeOfSymbol(parameter))
          return isObject(given) && isOptions(given) ? [[name, { entry, index }] as const] : []
        })
      )
    })
  )

  it('are taken by many', () => expect(taking.size).toBeGreaterThan(150))

  it.each([...taking])('of %s are refused where it does not know them', async (name, { entry, index }) => {
    const before = Array.from({ length: index }, () => undefined)
    await expect(async () => calling(name, [...before, { noSuchOption: 1 }], entry)).rejects.toThrow(
      `${name}: unknown option 'noSuchOption'`
    )
    await expect(async () => calling(name, [...before, null], entry)).rejects.toThrow(ResnetError)
  })

  it.each(['imageFolder', 'Sigmoid', 'Tanh', 'SiLU'])('are refused by %s, which has none', async name => {
    const known: Record<string, unknown[]> = { imageFolder: ['photos'] }
    const call = (): unknown => calling(name, [...(known[name] ?? []), { interpolation: 'bicubic' }])
    await expect(async () => call()).rejects.toThrow(`${name}: unknown option 'interpolation'`)
  })

  it.each([-1, 0, 2.5, NaN, '10', null])('refuse %s classes', classes => {
    const [{ exports }] = entries
    const resnet18 = exports.resnet18 as (options: object) => unknown
    expect(() => resnet18({ numClasses: classes })).toThrow(
      /^resnet18: numClasses: expected a whole number of at least 1, got /
    )
    expect(() => resnet18({ num_classes: 10 })).toThrow(
      "resnet18: unknown option 'num_classes'; did you mean 'numClasses'?"
    )
  })
})
