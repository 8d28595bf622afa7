// The `resnet` command. Subcommands import what they need only when they run, so that `--help` is fast.
import { Command } from 'commander'
import { printable } from '../base/words.js'
import { addBundle } from './bundle/bundle.js'
import { addCompare } from './compare/compare.js'
import { addConvert } from './convert/convert.js'
import { addDiagram } from './diagram/diagram.js'
import { addEval } from './eval/eval.js'
import { addExplain } from './explain/explain.js'
import { addExplore } from './explore/explore.js'
import { addExport } from './export/export.js'
import { addGradientFlow } from './gradient-flow/gradient-flow.js'
import { addInit } from './init/init.js'
import { addList } from './list/list.js'
import { addLrFind } from './lr-find/lr-find.js'
import { addPredict } from './predict/predict.js'
import { addPrint } from './print/print.js'
import { addRun } from './run/run.js'
import { addSummary } from './summary/summary.js'
import { addTrain } from './train/train.js'
import { addWeights } from './weights/weights.js'

/** Formats Commander's errors like ours, with its suggestion on the same line. */
function oneLine(text: string, command: string): string {
  const line = text
    .trimEnd()
    .replace(/^error: /, 'resnet: ')
    .replaceAll('\n', ' ')
  const isLost = /^resnet: unknown (option|command) /.test(line) && !line.endsWith('?)')
  return `${printable(line)}${isLost ? `; ${command} --help lists them` : ''}\n`
}

/** Declares all commands. @param write receives usage errors; default stderr. */
export function resnetProgram(version: string, write?: (text: string) => void): Command {
  const program = new Command('resnet')
    .description('Deep residual networks: build, read, run, train and ship them.')
    .version(version)
    .exitOverride()
    .configureOutput({
      outputError: (text, writeError) => (write ?? writeError)(oneLine(text, 'resnet'))
    })
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
    addWeights,
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
  for (const command of program.commands) {
    command.option('--debug', 'show the stack trace of an error').configureOutput({
      outputError: (text, writeError) => (write ?? writeError)(oneLine(text, `resnet ${command.name()}`))
    })
  }
  return program
}
