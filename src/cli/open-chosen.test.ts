// What a command line says of its network, decided without opening any.
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { resnetProgram } from './program.js'
import { scriptIn } from './relay.js'
import { addModelArgument, addModelOptions } from './network-options.js'
import { inputOf, requestOf, usualModel, withModel, type NetworkChoice } from './open-chosen.js'

describe('the network that is asked for', () => {
  it.each<[string, NetworkChoice, string]>([
    ['a model', { model: 'resnet18' }, 'resnet18'],
    ['a file', { model: './my-net.mjs', export: 'Mine' }, './my-net.mjs'],
    ['a checkpoint', { checkpoint: 'runs/x/best.safetensors' }, 'runs/x/best.safetensors'],
    ['a checkpoint in place of a model', { model: 'runs/x/best.safetensors' }, 'runs/x/best.safetensors'],
    // Without a slash it would be the name of a model.
    ['a checkpoint of any name', { checkpoint: 'best' }, './best'],
    ['the one that ships', { checkpoint: 'digits' }, 'digits']
  ])('is %s', (_, choice, source) => {
    expect(requestOf(choice, 'inspect').source).toBe(source)
  })

  it('has published weights where it is applied and nothing else is said', () => {
    const weightsOf = (choice: NetworkChoice, use: 'apply' | 'inspect' | 'train'): unknown =>
      requestOf(choice, use).options.weights
    expect(weightsOf({ model: 'resnet18' }, 'apply')).toBe('DEFAULT')
    expect(weightsOf({ model: 'resnet18' }, 'inspect')).toBeUndefined()
    expect(weightsOf({ model: 'resnet18' }, 'train')).toBeUndefined()
    expect(weightsOf({ model: 'resnet18', seed: 0 }, 'apply')).toBeUndefined()
    expect(weightsOf({ model: './my-net.mjs' }, 'apply')).toBeUndefined()
    expect(weightsOf({ model: 'resnet18', weights: 'w.pth' }, 'apply')).toBe('w.pth')
  })

  it('is a checkpoint whose code the user names', () => {
    const choice = { model: './my-net.mjs', checkpoint: 'best.safetensors' }
    const { source, options } = requestOf(choice, 'apply')
    expect([source, options.file]).toEqual(['best.safetensors', './my-net.mjs'])
  })

  it.each(['digits', 'runs/x/best.safetensors'])('has no seed where it is the checkpoint %s', model => {
    const choice = { model, seed: 3 }
    expect(() => requestOf(choice, 'apply')).toThrow(
      `--seed makes untrained weights, but ${model} is a checkpoint with its own: leave out --seed`
    )
    // A new head is drawn from it.
    expect(requestOf(choice, 'train').options.seed).toBe(3)
  })

  it.each<[NetworkChoice, string]>([
    [{}, 'Which network? Name a model that `resnet list` shows or a file such as ./my-net.mjs'],
    [
      { model: 'vgg11', checkpoint: 'digits' },
      "--checkpoint digits says which model it is of: leave out 'vgg11'"
    ],
    [{ model: 'resnet18', export: 'a' }, '--export chooses from a file'],
    [{ checkpoint: 'digits', export: 'a' }, '--export chooses from a file'],
    [{ model: 'resnet18', entry: 'ema' }, '--entry is about a file of weights'],
    [{ checkpoint: '' }, "--checkpoint: expected a name or a file, got ''"],
    [{ model: '' }, "--model: expected a name or a file, got ''"],
    [{ model: 'resnet18', weights: '' }, "--weights: expected a name or a file, got ''"]
  ])('is refused: %j', (choice, message) => {
    expect(() => requestOf(choice, 'apply')).toThrow(message)
  })

  it('is the usual one where none is named', () => {
    expect(usualModel({ seed: 1 })).toEqual({ seed: 1, model: 'resnet18' })
    expect(usualModel({ model: 'vgg11' })).toEqual({ model: 'vgg11' })
    expect(usualModel({ checkpoint: 'digits' })).toEqual({ checkpoint: 'digits' })
    expect(usualModel({ checkpoint: '' })).toEqual({ checkpoint: '' })
  })

  it('is an argument, or the option of that name, and not both', () => {
    expect(withModel('vgg11', { seed: 1 })).toEqual({ seed: 1, model: 'vgg11' })
    expect(withModel(undefined, { model: 'vgg11' })).toEqual({ model: 'vgg11' })
    expect(() => withModel('vgg11', { model: 'resnet18' })).toThrow(
      'MODEL vgg11 and --model resnet18 both say which network'
    )
  })
})

describe('the options', () => {
  const parsed = (add: (command: Command) => Command, ...args: string[]): unknown => {
    const command = add(new Command().exitOverride().configureOutput({ writeErr: () => {} }))
    return command.parse(args, { from: 'user' }).opts()
  }

  it('are the same for every command', () => {
    const args = ['--weights', 'w.pth', '--entry', 'a.b', '--num-classes', '3', '--export', 'Mine']
    const options = { weights: 'w.pth', entry: 'a.b', numClasses: 3, export: 'Mine' }
    for (const use of ['apply', 'inspect', 'train'] as const) {
      expect(parsed(command => addModelArgument(command, { use }), 'x', ...args)).toEqual(options)
      expect(parsed(command => addModelOptions(command, { use }), ...args)).toEqual(options)
    }
  })

  it('that say two things are refused', () => {
    const both = (use: 'apply' | 'train', ...args: string[]): (() => unknown) => {
      return () => parsed(command => addModelOptions(command, { use }), ...args)
    }
    expect(both('apply', '--weights', 'w', '--seed', '1')).toThrow('cannot be used with')
    expect(both('apply', '--checkpoint', 'c', '--weights', 'w')).toThrow('cannot be used with')
    expect(both('apply', '--checkpoint', 'c', '--num-classes', '2')).toThrow('cannot be used with')
    expect(both('train', '--checkpoint', 'c', '--weights', 'w')).toThrow('cannot be used with')
    // Another last layer for other classes.
    expect(both('train', '--checkpoint', 'c', '--num-classes', '2')).not.toThrow()
  })
})

describe('the input', () => {
  const opened = (shape: readonly number[] | undefined): Parameters<typeof inputOf>[0] => ({
    model: './my-net.mjs',
    shape
  })

  it('is what the user says, or one of what the network takes', () => {
    expect(inputOf(opened([3, 8, 8]), { input: ['N', 3, 16, 16] })).toEqual(['N', 3, 16, 16])
    expect(inputOf(opened([5]), {})).toEqual([1, 5])
    expect(() => inputOf(opened(undefined), {})).toThrow(
      'What goes into ./my-net.mjs? Give --input 1,3,224,224, or let the file export inputShape'
    )
    // Not every command has that option.
    expect(() => inputOf(opened(undefined))).toThrow('my-net.mjs? Let the file export inputShape')
  })
})

describe('the file of the user on a command line', () => {
  it.each([
    [['print', './a.mjs'], './a.mjs'],
    [['predict', 'cat.jpg', '--model', 'b.ts'], 'b.ts'],
    [['predict', 'cat.jpg', '--model=c.cjs'], 'c.cjs'],
    [['predict', 'cat.jpg', '--model', 'resnet18'], undefined],
    [['print', '--style', 'torch', './a.mjs'], './a.mjs'],
    [['compare', 'resnet18', './b.mjs'], './b.mjs'],
    [['gradient-flow', 'resnet18', './b.mjs'], './b.mjs'],
    // What is no model is not looked into.
    [['predict', 'clip.ts', '--checkpoint', 'digits'], undefined],
    [['convert', 'x.js', 'out.safetensors'], undefined],
    [['list', 'clip.ts'], undefined],
    [['train', 'clip.ts'], undefined],
    [['eval', 'digits', '--weights', 'clip.ts'], undefined],
    [['diagram', 'resnet18', '--out', 'clip.js'], undefined],
    [['nothing', 'clip.ts'], undefined]
  ])('%j', (args, script) => {
    expect(scriptIn(() => resnetProgram('0', () => {}), args)).toBe(script)
  })
})
