// Mistakes on the command line: each is told in one line that names what is wrong. Exit codes are test/cli.test.ts's.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DIGITS_CHECKPOINT } from '../networks/checkpoint.js'
import { told } from './testing/told.js'

const asset = (name: string): string => fileURLToPath(new URL(`../../assets/${name}`, import.meta.url))
const [photo, digit] = [asset('cat.jpg'), asset('digit.png')]
let folder: string
const at = (...names: string[]): string => join(folder, ...names)

type Case = readonly [what: string, args: () => readonly string[], named: string]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-mistakes-'))
  await mkdir(at('empty'))
  await mkdir(at('run'))
  await writeFile(at('run/best.safetensors'), '')
  await mkdir(at('one/only'), { recursive: true })
  for (const name of ['a.png', 'b.png']) await writeFile(at('one/only', name), await readFile(digit))
  for (const name of ['blue', 'red']) await cp(at('one/only'), at('halves/train', name), { recursive: true })
})
afterAll(() => rm(folder, { recursive: true }))

async function expectTold(args: readonly string[], named: string): Promise<void> {
  const line = await told(...args)
  expect(line).toMatch(/^resnet: [^\n]*$/)
  expect(line).toContain(named)
}

describe('a mistake of any command', () => {
  it.each<Case>([
    ['an unknown command', () => ['prnt'], "unknown command 'prnt' (Did you mean print?)"],
    ['an unknown model', () => ['print', 'resnet19'], "There is no model 'resnet19'"],
    [
      'an unknown tag',
      () => ['print', 'resnet50d.a5_in1k'],
      "There is no tag 'a5_in1k' of resnet50d; timm has a3_in1k, a2_in1k, a1_in1k, ra2_in1k"
    ],
    ['tags of an unknown model', () => ['list', '--tags', 'resnet19'], "There is no model 'resnet19'"],
    [
      'a tag without weights',
      () => ['predict', photo, '--model', 'resnet200.untrained'],
      'no published weights of resnet200.untrained, as timm has only the network: give a file with --weights, or --seed 0'
    ],
    [
      'a model that has weights in timm alone',
      () => ['predict', photo, '--model', 'resnet26d'],
      'timm has resnet26d.bt_in1k: name one as the model, or give a file with --weights'
    ],
    [
      'a run that is both continued and started anew',
      () => ['train', 'digits', '--resume', '--overwrite', '--out', at('run')],
      "option '--overwrite' cannot be used with option '--resume'"
    ],
    [
      'an unknown option',
      () => ['print', 'resnet18', '--zzz'],
      "unknown option '--zzz'; resnet print --help lists them"
    ],
    [
      'an option that is misspelled',
      () => ['print', 'resnet18', '--sed', '0'],
      "unknown option '--sed' (Did you mean --seed?)"
    ],
    ['a command like no other', () => ['zzzzzz'], "unknown command 'zzzzzz'; resnet --help lists them"],
    ['a missing model', () => ['print'], 'Which network? Name a model'],
    ['a missing argument', () => ['convert'], "missing required argument 'in'"],
    ['a missing option', () => ['init', 'resnet18'], "required option '--out <file>'"],
    [
      'no classes',
      () => ['print', 'resnet18', '--num-classes', '0'],
      'Expected a whole number of at least 1'
    ],
    [
      'a shape of too few sizes',
      () => ['export', 'resnet18', '--seed', '0', '--out', at('x.onnx'), '--input', '1,3,224'],
      'conv1: conv2d: expected an input of shape [N, C, H, W], got [1, 3, 224]'
    ],
    [
      'channels that do not fit',
      () => ['summary', 'resnet18', '--input', '1,4,224,224'],
      'conv1: conv2d: input [1, 4, 224, 224]'
    ],
    ['a wrong device', () => ['predict', 'x.jpg', '--device', 'tpu'], 'Allowed choices are cpu'],
    [
      'weights and a seed',
      () => ['predict', 'x.jpg', '--weights', 'w', '--seed', '1'],
      'cannot be used with'
    ],
    ['an image for weights', () => ['convert', photo, 'out.pth'], 'cat.jpg: '],
    ['an unknown container', () => ['init', 'resnet18', '--out', 'w.txt'], 'w.txt'],
    ['the same, with its trace', () => ['init', 'cifar_resnet8', '--debug', '--out', 'w.txt'], 'w.txt'],
    [
      'a folder that is not there',
      () => ['init', 'resnet18', '--out', '/nope/w.pth'],
      '/nope/w.pth: its folder does not exist'
    ],
    [
      'a wrong ending',
      () => ['export', 'resnet18', '--seed', '0', '--out', 'm.txt'],
      'm.txt: expected a name'
    ],
    ['logits of text', () => ['predict', photo, '--seed', '0', '--logits'], '--logits goes into the JSON'],
    [
      'no weights of a model',
      () => ['export', 'resnet18d', '--out', at('x.onnx')],
      'no published weights of resnet18d'
    ],
    [
      'a checkpoint beside a model',
      () => ['export', 'vgg11', '--checkpoint', 'digits', '--out', at('x.onnx')],
      "leave out 'vgg11'"
    ],
    [
      'a model beside a checkpoint',
      () => ['explain', digit, '--checkpoint', 'digits', '--model', 'vgg11'],
      "leave out 'vgg11'"
    ],
    [
      'a seed that is none',
      () => ['init', 'resnet18', '--seed', 'abc', '--out', 'x.pth'],
      'Expected a whole number.'
    ],
    [
      'a folder for weights',
      () => ['predict', photo, '--weights', at('empty')],
      'empty: is a folder, not a file'
    ],
    [
      'a checkpoint without a name',
      () => ['predict', photo, '--checkpoint', ''],
      '--checkpoint: expected a name or a file'
    ],
    ['an export of a model', () => ['print', 'resnet18', '--export', 'a'], '--export chooses from a file']
  ])('such as %s is told', async (_, args, named) => expectTold(args(), named))
})

it.each([
  [['print', '--checkpoint']],
  [['print', 'resnet18', '--weights']],
  [['print']],
  [['convert', 'to.pth']],
  [['explain', photo, '--checkpoint']]
])("a run's folder for its checkpoint is told in the same words: %j", async args => {
  const run = at('run')
  const given = args[0] === 'convert' ? ['convert', run, 'to.pth'] : [...args, run]
  await expectTold(
    given,
    `resnet: ${run}: is a folder, not a file; did you mean ${join(run, 'best.safetensors')}?`
  )
})

describe('a mistake about pictures of networks', () => {
  const svg = ['--out', 'x.svg']
  it.each<Case>([
    [
      'nothing to leave out',
      () => ['diagram', 'vgg11', '--style', 'plain-vs-residual', ...svg],
      'is plain already'
    ],
    ['no block', () => ['diagram', 'vgg11', '--style', 'block', ...svg], 'VGG has no residual block'],
    [
      'no such stage',
      () => ['diagram', 'cifar_resnet8', '--style', 'stage', '--stage', 'layer9', ...svg],
      'such as layer1, layer2'
    ],
    [
      'a stage of another style',
      () => ['diagram', 'cifar_resnet8', '--stage', 'layer1', ...svg],
      '--stage goes with'
    ],
    [
      'an unknown picture',
      () => ['diagram', 'cifar_resnet8', '--out', 'x.gif'],
      'x.gif: expected a name that ends'
    ],
    [
      'an unknown style',
      () => ['diagram', 'cifar_resnet8', '--style', 'x', ...svg],
      'Allowed choices are layer'
    ],
    [
      'a wrong input',
      () => ['diagram', 'cifar_resnet8', '--input', '3,N', ...svg],
      'sizes with the batch first'
    ],
    [
      'a report of another kind',
      () => ['compare', 'resnet18', 'resnet34', '--out', 'x.pdf'],
      'x.pdf: expected'
    ],
    ['one network to compare', () => ['compare', 'resnet18'], 'Name a second network, or give --checkpoint'],
    [
      "weights of another network, where a model is no option's",
      () => ['compare', 'vgg11', 'resnet34', '--weights', fileURLToPath(DIGITS_CHECKPOINT)],
      ': name cifar_resnet20'
    ]
  ])('such as %s is told', async (_, args, named) => expectTold(args(), named))
})

describe('a mistake about training', () => {
  const quick = ['digits', '--model', 'cifar_resnet8', '--batch-size', '128']
  const train = (...args: string[]): (() => readonly string[]) => {
    return () => ['train', ...args, '--out', at('none')]
  }
  it.each<Case>([
    ['an empty folder', () => train(at('empty'))(), 'has no folders in it; expected one for each class'],
    ['one class', () => train(at('one'))(), 'class'],
    ['a folder that is not there', () => train(at('nowhere'))(), 'no such file'],
    ['a half alone', () => train(at('halves'))(), 'no val beside it'],
    ['a model', train('digits', '--model', 'resnet19'), "no model 'resnet19'"],
    ['an augmentation', train('digits', '--augment', 'flop'), "'flop': known are"],
    ['too few classes', train(...quick, '--num-classes', '3'), 'digits has 10 classes'],
    ['a rate for a part', train(...quick, '--lr-scale', 'layer1=0.1=3'), 'layer1=0.1=3'],
    ['an optimiser', train(...quick, '--optimizer', 'sdg'), 'sdg'],
    ['a schedule', train(...quick, '--schedule', 'sine'), 'sine'],
    ['what stands on no shortcut', train(...quick, '--skip', 'wire'), 'Allowed choices are identity, half'],
    [
      'a shortcut that is left out',
      train(...quick, '--skip', 'half', '--plain'),
      "option '--skip <what>' cannot be used with option '--plain'"
    ],
    [
      'a bias without a gate',
      train(...quick, '--skip', 'half', '--gate-bias', '-3'),
      'only --skip exclusive-gate and shortcut-gate have gates'
    ],
    ['a bias that is no number', train(...quick, '--gate-bias', 'x'), 'Expected a finite number.'],
    [
      'a shortcut of a model that has one kind',
      train('digits', '--model', 'resnet18', '--skip', 'half'),
      'resnet18 has nothing but the identity on its shortcuts; cifar_resnet8, '
    ],
    [
      'a shortcut of a pre-activated model',
      train('digits', '--model', 'cifar_preact_resnet20', '--skip', 'half'),
      'cifar_preact_resnet20 has nothing but the identity'
    ],
    [
      'rates the wrong way round',
      () => ['lr-find', 'digits', '--from', '1', '--to', '0.1'],
      'above the first'
    ],
    ['a checkpoint that is none', () => ['eval', 'digits', '--checkpoint', digit], 'digit.png'],
    ['no network to measure', () => ['eval', 'digits'], 'Which network?'],
    [
      'classes that a checkpoint does not know',
      () => ['eval', at('halves/train'), '--checkpoint', 'digits'],
      'blue'
    ]
  ])('such as %s is told', async (_, args, named) => expectTold(args(), named))
})

describe('a mistake about twins', () => {
  it.each<readonly [args: readonly string[], named: string]>([
    [['nope'], "There is no model 'nope'"],
    [['vgg11'], 'vgg11 has no shortcuts, no sum F(x) + x: it is its own plain twin'],
    [['--depths', '8,10'], 'Expected depths of the form 6n + 2, such as 8,20,56; 10 is not'],
    [['--depths', ''], 'Expected depths of the form 6n + 2'],
    [['--data', 'nowhere'], 'nowhere: no such file or folder'],
    [['--out', tmpdir()], 'is a folder, not a file'],
    [['--depths', '8', '--schedule', 'nope'], 'nope'],
    [['--steps', '0'], 'Expected a whole number of at least 1']
  ])('%j', async (args, named) => expectTold(['gradient-flow', '--json', ...args], named))
})

describe('a mistake about explanations', () => {
  const digits = ['explain', digit, '--checkpoint', 'digits']
  it.each<readonly [args: readonly string[], line: string | RegExp]>([
    [['explain', '--checkpoint', 'digits'], 'resnet: Which image? --method gradcam needs one'],
    [
      [...digits, '--class', 'cat'],
      "resnet: There is no class 'cat'; there are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9. Numbers go from 0 to 9"
    ],
    [[...digits, '--method', 'magic'], /^resnet: .*--method.*magic.*gradcam/],
    [
      [...digits, '--method', 'eigencam', '--class', '1'],
      /^resnet: --class means nothing to --method eigencam; /
    ],
    [[...digits, '--method', 'filters'], /needs no image: leave out/]
  ])('%j', async (args, line) => {
    if (typeof line === 'string') expect(await told(...args)).toBe(line)
    else expect(await told(...args)).toMatch(line)
  })
})
