import { describe, expect, it } from 'vitest'
import { add, mul } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { tensor, zeros } from '../../tensor/tensor.js'
import { createFeatureExtractor } from '../trace/feature-extractor.js'
import { ReLU } from '../layers/activation.js'
import { ModuleDict, ModuleList, Sequential } from '../layers/containers.js'
import { Conv2d } from '../layers/convolution.js'
import { Module, namedHolders } from './module.js'
import { ModuleBuffer, Parameter } from './parameter.js'
import { trace, traceTraining } from '../trace/trace.js'

const conv = (): Conv2d => new Conv2d(8, 8, 1)

class InArray extends Module {
  layers = [conv(), conv()]
  forward(x: Value): Value {
    return this.layers.reduce((value, layer) => layer(value), x)
  }
}

class InNestedArray extends Module {
  stages = [[conv()]]
  forward(x: Value): Value {
    return this.stages[0][0](x)
  }
}

class InObject extends Module {
  branches = { left: conv() }
  forward(x: Value): Value {
    return this.branches.left(x)
  }
}

class InMap extends Module {
  branches = new Map([['left', conv()]])
  forward(x: Value): Value {
    return this.branches.get('left')?.(x) ?? x
  }
}

class InSet extends Module {
  layers = new Set([conv()])
  forward(x: Value): Value {
    return [...this.layers][0](x)
  }
}

class Private extends Module {
  readonly #conv = conv()
  forward(x: Value): Value {
    return this.#conv(x)
  }
}

const captured = conv()
class Captured extends Module {
  forward(x: Value): Value {
    return captured(x)
  }
}

class Getter extends Module {
  static readonly conv = conv()
  get conv(): Conv2d {
    return Getter.conv
  }
  forward(x: Value): Value {
    return this.conv(x)
  }
}

class MadeInForward extends Module {
  forward(x: Value): Value {
    return conv()(x)
  }
}

class ParametersInArray extends Module {
  scales = [new Parameter(tensor([2]))]
  forward(x: Value): Value {
    return mul(x, this.scales[0])
  }
}

class PrivateParameter extends Module {
  readonly #scale = new Parameter(tensor([2]))
  forward(x: Value): Value {
    return mul(x, this.#scale)
  }
}

class PrivateBuffer extends Module {
  readonly #offset = new ModuleBuffer(zeros([1]))
  forward(x: Value): Value {
    return add(x, this.#offset)
  }
}

const HIDDEN: [new () => Module, string][] = [
  [InArray, "the Conv2d in the array field 'layers' is not registered"],
  [InNestedArray, "the Conv2d in the array field 'stages' is not registered"],
  [InObject, "the Conv2d in the object field 'branches' is not registered"],
  [InMap, "the Conv2d in the Map field 'branches' is not registered"],
  [InSet, "the Conv2d in the Set field 'layers' is not registered"],
  [Private, 'the Conv2d that forward uses is not registered'],
  [Captured, 'the Conv2d that forward uses is not registered'],
  [Getter, "the Conv2d behind the getter 'conv' is not registered"],
  [MadeInForward, 'the Conv2d that forward makes anew is not registered'],
  [ParametersInArray, "the Parameter in the array field 'scales' is not registered"],
  [PrivateParameter, 'the Parameter that forward uses is not registered'],
  [PrivateBuffer, 'the Buffer that forward uses is not registered']
]

const ASKED: [string, (net: Module) => unknown][] = [
  ['traced', net => trace(net, ['N', 8, 4, 4])],
  ['traced for training', net => traceTraining(net, [2, 8, 4, 4])],
  ['printed', net => String(net)],
  ['asked for its state', net => net.stateDict()],
  ['given a state', net => net.loadStateDict(new Map())],
  ['asked for its parameters', net => [...net.parameters()]]
]

describe.each(HIDDEN)('%s', (Hidden, message) => {
  it.each(ASKED)('is refused when it is %s', (_, ask) => {
    expect(() => ask(new Hidden())).toThrow(`${Hidden.name}: ${message}`)
    const outer = new Sequential({ stem: conv(), inner: new Hidden() })
    expect(() => ask(outer)).toThrow(`inner: ${message}`)
  })
})

describe('the remedy', () => {
  it('is a ModuleList, a ModuleDict, a field', () => {
    const said = (net: Module): string => {
      try {
        return String(net)
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(said(new InArray())).toBe(
      "InArray: the Conv2d in the array field 'layers' is not registered, so stateDict() and print would lack it; make the field a ModuleList"
    )
    expect(said(new InObject())).toMatch('make the field a ModuleDict')
    expect(said(new Getter())).toMatch('keep it in a field')
    expect(said(new MadeInForward())).toMatch('construct it once, in a field')
    expect(said(new Private())).toMatch('keep it in a public field')
    expect(said(new ParametersInArray())).toMatch('give each a field of its own')
  })
})

describe('what is registered elsewhere', () => {
  it('may stand in arrays and behind getters, too', () => {
    class Twice extends Module {
      first = conv()
      second = conv()
      readonly order = [this.second, this.first]
      get last(): Conv2d {
        return this.first
      }
      forward(x: Value): Value {
        return this.order.reduce((value, layer) => layer(value), x)
      }
    }
    for (const [, ask] of ASKED.filter(([name]) => name !== 'given a state')) {
      expect(() => ask(new Twice())).not.toThrow()
    }
    expect([...new Twice().stateDict().keys()]).toContain('second.weight')
  })

  it('may be called by a slice that is made anew', () => {
    class Sliced extends Module {
      layers = new Sequential(conv(), new ReLU(), conv())
      forward(x: Value): Value {
        return this.layers.slice(0, -1)(x)
      }
    }
    expect(() => trace(new Sliced(), ['N', 8, 4, 4])).not.toThrow()
    expect(() => String(new Sliced())).not.toThrow()
  })

  it('may be a feature extractor’s network', () => {
    const net = new Sequential({ a: conv(), b: conv() })
    const extract = createFeatureExtractor(net, ['a'])
    expect(() => trace(extract, ['N', 8, 4, 4])).not.toThrow()
    expect([...extract.stateDict().keys()]).toEqual([...net.stateDict().keys()])
  })
})

describe('ModuleList', () => {
  class Stack extends Module {
    layers = new ModuleList([conv(), new ReLU(), conv()])
    forward(x: Value): Value {
      let out = x
      for (const layer of this.layers) out = layer(out)
      return out
    }
  }

  it('owns what is in it under numbers, and prints as torch does', () => {
    const net = new Stack()
    expect([...net.stateDict().keys()]).toEqual([
      'layers.0.weight',
      'layers.0.bias',
      'layers.2.weight',
      'layers.2.bias'
    ])
    // torch 1.13: print(Stack())
    expect(String(net)).toBe(
      [
        'Stack(',
        '  (layers): ModuleList(',
        '    (0): Conv2d(8, 8, kernel_size=(1, 1), stride=(1, 1))',
        '    (1): ReLU()',
        '    (2): Conv2d(8, 8, kernel_size=(1, 1), stride=(1, 1))',
        '  )',
        ')'
      ].join('\n')
    )
    expect(trace(net, ['N', 8, 4, 4]).calls.map(({ path }) => path)).toEqual([
      '',
      'layers.0',
      'layers.1',
      'layers.2'
    ])
    expect([net.layers.length, net.layers.at(-1)]).toEqual([3, net.layers.at(2)])
  })

  it('is not called, and holds modules only', () => {
    class Called extends Module {
      layers = new ModuleList([conv()])
      forward(x: Value): Value {
        return this.layers(x)
      }
    }
    expect(() => trace(new Called(), ['N', 8, 4, 4])).toThrow('ModuleList has no forward')
    expect(() => new ModuleList([conv(), ReLU as never])).toThrow(
      "ModuleList: '1' is a function (ReLU), expected a module, such as new ReLU()"
    )
    expect(() => new Sequential(conv(), 3 as never)).toThrow("Sequential: '1' is number, expected a module")
  })

  it('has a twin with names', () => {
    const branches = new ModuleDict({ left: conv(), right: new ReLU() })
    expect([...branches.stateDict().keys()]).toEqual(['left.weight', 'left.bias'])
    expect(branches.get('right')).toBeInstanceOf(ReLU)
    expect(() => branches.get('middle')).toThrow("ModuleDict: no module 'middle'; it has left, right")
    expect(String(branches)).toContain('ModuleDict(\n  (left): Conv2d(8, 8')
  })
})

describe('a forward that is none', () => {
  const saying = (forward: unknown): Module => {
    class Odd extends Module {
      conv = conv()
      forward(x: Value): Value {
        return x
      }
    }
    Object.defineProperty(Odd.prototype, 'forward', { value: forward })
    return new Odd()
  }

  it('is told when the module is printed, saved or traced', () => {
    for (const [, ask] of ASKED) expect(() => ask(saying(undefined))).toThrow('Odd: has no forward(x)')
  })

  it('does not keep a module from being printed where it returns what is no value', async () => {
    for (const forward of [async () => Promise.reject(new Error('late')), () => [], () => 'text']) {
      expect(String(saying(forward))).toContain('Odd(')
    }
    // A rejection that nobody handled would fail the run.
    await new Promise(resolve => setTimeout(resolve, 5))
  })
})

describe('printing and saving', () => {
  it('leave a module as it was, whatever its forward keeps in fields', () => {
    class Keeping extends Module {
      channels: unknown = undefined
      forward(x: Value): Value {
        this.channels ??= x.shape[1]
        Reflect.set(this, 'seen', true)
        return x
      }
    }
    const net = new Keeping()
    String(net)
    net.stateDict()
    expect(net.channels).toBeUndefined()
    expect(Object.keys(net)).toEqual(['training', 'channels'])
  })

  it('find what one instance hides and another of its class does not', () => {
    class Maybe extends Module {
      readonly #hidden: Module | undefined
      conv = conv()
      constructor(hidden?: Module) {
        super()
        this.#hidden = hidden
      }
      forward(x: Value): Value {
        return this.#hidden ? this.#hidden(this.conv(x)) : this.conv(x)
      }
    }
    expect(() => String(new Maybe())).not.toThrow()
    expect(() => new Maybe(conv()).stateDict()).toThrow('the Conv2d that forward uses is not registered')
  })

  it('refuse a module that contains itself', () => {
    class Child extends Module {
      parent: Module | undefined
      forward(x: Value): Value {
        return x
      }
    }
    const net = new Sequential({ child: new Child() })
    Reflect.set(net.at(0) as object, 'parent', net)
    for (const [, ask] of ASKED)
      expect(() => ask(net)).toThrow('child.parent: a module cannot contain itself')
  })

  it('end, however often a list contains itself', () => {
    class Tangled extends Module {
      list: unknown[] = []
      forward(x: Value): Value {
        return x
      }
    }
    const net = new Tangled()
    for (let i = 0; i < 100; i++) net.list.push(net.list)
    expect(net.stateDict().size).toBe(0)
  })
})

describe('names in a container', () => {
  it.each([
    [{ 'a.b': conv() }, "Sequential: 'a.b' cannot be a module's name"],
    [{ '': conv() }, "Sequential: '' cannot be a module's name"],
    [{ stem: conv(), '1': conv() }, 'Sequential: names that are numbers (1) cannot stand beside others']
  ])('are refused where keys would collide or change their order: %#', (modules, message) => {
    expect(() => new Sequential(modules)).toThrow(message)
  })
})

describe('names of fields', () => {
  class Fields extends Module {
    a = new Sequential({ b: conv() })
    forward(x: Value): Value {
      return this.a(x)
    }
  }
  const members = {
    module: conv(),
    parameter: new Parameter(zeros([1])),
    buffer: new ModuleBuffer(zeros([1]))
  }

  it.each(
    Object.entries(members).flatMap(([kind, member]) => ['a.b', ''].map(name => ({ kind, name, member })))
  )('are refused for a $kind where paths would collide: $name', ({ kind, name, member }) => {
    const net = Object.assign(new Fields(), { [name]: member })
    const outer = new Sequential({ stem: net })
    const fault = `the field '${name}' cannot hold a module, parameter or buffer: expected a name that is not empty`
    for (const use of [
      (each: Module) => each.stateDict(),
      (each: Module) => each.loadStateDict(new Fields().stateDict(), { strict: false }),
      (each: Module) => [...each.namedParameters(), ...each.namedBuffers()],
      ...(kind === 'module' ? [String, (each: Module) => [...each.namedModules()]] : []),
      (each: Module) => namedHolders(each)
    ]) {
      expect(() => use(net)).toThrow(`Fields: ${fault}`)
      expect(() => use(outer)).toThrow(`stem: ${fault}`)
    }
  })

  it('are free where the field holds anything else', () => {
    expect(Object.assign(new Fields(), { 'a.b': 1, '': [] }).stateDict().size).toBe(2)
  })
})
