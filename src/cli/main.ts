#!/usr/bin/env node
// The `resnet` command. Each subcommand is declared beside its action and loads what it needs only when it runs,
// so that `--help` and a mistyped option answer at once.
import { createRequire } from 'node:module'
import { Command, CommanderError } from 'commander'
import { watchOutput } from './closed-output.js'
import { addBundle } from './bundle.js'
import { addCompare } from './compare.js'
import { addConvert } from './convert.js'
import { addDiagram } from './diagram.js'
import { addEval } from './eval.js'
import { addExplain } from './explain.js'
import { addExplore } from './explore.js'
import { addExport } from './export.js'
import { addGradientFlow } from './gradient-flow.js'
import { addInit } from './init.js'
import { addList } from './list.js'
import { addLrFind } from './lr-find.js'
import { addPredict } from './predict.js'
import { addPrint } from './print.js'
import { reportError } from './report-error.js'
import { addRun } from './run.js'
import { addSummary } from './summary.js'
import { addTrain } from './train.js'
import { watchEnd } from './watch-end.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** Commander's errors as ours read; a suggestion comes on the same line. */
function oneLine(text: string): string {
  return text.replace(/^error: /, 'resnet: ').replace(/\n(?=.)/g, ' ')
}

const program = new Command('resnet')
  .description('Deep residual networks: build, read, run, train and ship them.')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
  .addHelpText(
    'after',
    '\nExamples:\n  $ resnet predict dog.jpg --model resnet50 --weights resnet50.pth\n  $ resnet train photos --model resnet18 --weights resnet18.pth'
  )

for (const add of [
  addList,
  addPrint,
  addSummary,
  addDiagram,
  addCompare,
  addInit,
  addRun,
  addPredict,
  addExplain,
  addConvert,
  addBundle,
  addExport,
  addTrain,
  addEval,
  addLrFind,
  addGradientFlow,
  addExplore
]) {
  add(program)
}
for (const command of program.commands) command.option('--debug', 'show the stack trace of an error')

watchOutput()
const isDone = watchEnd()

try {
  await program.parseAsync()
  isDone()
} catch (error) {
  // Commander has said what is wrong; asking for help or the version is no mistake.
  isDone()
  const isHelp = error instanceof CommanderError && error.exitCode === 0
  const code = error instanceof CommanderError ? 2 : reportError(error, process.argv.includes('--debug'))
  // Whatever else is still under way, a download perhaps, is no longer wanted.
  if (!isHelp) process.exit(code)
}
