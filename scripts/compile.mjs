// TypeScript's compiler with a transformer that adds a static `name` to every class: printing a network and the names of
// errors depend on it, and applications' minifiers rename classes.
import { join } from 'node:path'
import ts from 'typescript'

/** Compiles src/ into a folder. @throws Error after printing the diagnostics. */
export function compile(root, outDir) {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.build.json'), { outDir }, ts.sys)
  const program = ts.createProgram(config.fileNames, config.options)
  const { diagnostics } = program.emit(undefined, undefined, undefined, false, { before: [nameClasses] })
  const mistakes = ts.sortAndDeduplicateDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics])
  if (mistakes.length === 0) return
  process.stderr.write(
    ts.formatDiagnosticsWithColorAndContext(mistakes, ts.createCompilerHost(config.options))
  )
  throw new Error('src/ does not compile')
}

/** `class Conv2d { … }` → `class Conv2d { static name = 'Conv2d'; … }` */
const nameClasses = context => file => {
  const { factory } = context
  const visit = node => {
    const inner = ts.visitEachChild(node, visit, context)
    if (!ts.isClassDeclaration(inner) || inner.name === undefined) return inner
    const { modifiers, name, typeParameters, heritageClauses, members } = inner
    const isStatic = factory.createModifiersFromModifierFlags(ts.ModifierFlags.Static)
    const text = factory.createStringLiteral(name.text, true)
    const field = factory.createPropertyDeclaration(isStatic, 'name', undefined, undefined, text)
    const named = [field, ...members]
    return factory.updateClassDeclaration(inner, modifiers, name, typeParameters, heritageClauses, named)
  }
  return ts.visitNode(file, visit)
}
