// User-defined networks for diagram tests.
import { add, maximum, mul, relu, sigmoid } from '../../../ir/functional/elementwise.js'
import { conv2d } from '../../../ir/functional/linear.js'
import { mean } from '../../../ir/functional/reduction.js'
import { cat } from '../../../ir/functional/shaping.js'
import type { Value } from '../../../ir/ops.js'
import { ReLU, Sigmoid } from '../../../nn/layers/activation.js'
import { BatchNorm2d } from '../../../nn/layers/normalisation.js'
import { Conv2d } from '../../../nn/layers/convolution.js'
import { Linear } from '../../../nn/layers/linear.js'
import { Dropout } from '../../../nn/layers/dropout.js'
import { Gated } from '../../../nn/layers/residual.js'
import { Sequential } from '../../../nn/layers/containers.js'
import { Module } from '../../../nn/module/module.js'
import { Parameter } from '../../../nn/module/parameter.js'
import { zeros } from '../../../tensor/tensor.js'

export const INPUT = [1, 4, 8, 8] as const

/** Squeeze and excitation (arXiv:1709.01507), written with functions. */
export class Squeeze extends Module {
  down = new Conv2d(4, 2, 1)
  up = new Conv2d(2, 4, 1)
  forward(x: Value): Value {
    const channels = relu(this.down(mean(x, [2, 3], { keepDim: true })))
    return mul(x, sigmoid(this.up(channels)))
  }
}

/** A residual block with a gate inside, and an optional projection. */
export class SqueezeBlock extends Module {
  conv = new Conv2d(4, 4, 3, { padding: 1, bias: false })
  bn = new BatchNorm2d(4)
  gate = new Squeeze()
  projection: Conv2d | undefined
  constructor(projects: boolean) {
    super()
    this.projection = projects ? new Conv2d(4, 4, 1) : undefined
  }
  forward(x: Value): Value {
    const f = this.gate(relu(this.bn(this.conv(x))))
    return relu(add(f, this.projection ? this.projection(x) : x))
  }
}

/** A residual block without submodules: one parameter, and a `forward`. */
export class Bare extends Module {
  weight = new Parameter(zeros([4, 4, 3, 3]))
  forward(x: Value): Value {
    return add(relu(conv2d(x, this.weight, undefined, { padding: 1 })), x)
  }
}

/** All of these, a reused layer, a no-op layer, and a gate. */
export class Patchwork extends Module {
  stem = new Sequential(new Conv2d(4, 4, 3, { padding: 1 }), new ReLU(), new Dropout())
  shared = new Conv2d(4, 4, 1)
  bare = new Bare()
  gate = new Gated(new Sequential(new Conv2d(4, 4, 1), new Sigmoid()))
  blocks = new Sequential(new SqueezeBlock(false), new SqueezeBlock(true))
  head = new Linear(4, 2)
  forward(x: Value): Value {
    const stem = this.stem(x)
    const twice = add(this.shared(this.shared(stem)), stem)
    const y = this.blocks(this.gate(this.bare(twice)))
    return this.head(mean(y, [2, 3]))
  }
}

/** One step of a random network: an op, and its operands, counted from the last value. */
export interface Step {
  readonly kind: 'conv' | 'block' | 'relu' | 'add' | 'mul' | 'maximum' | 'concat'
  readonly from: number
  readonly other: number
}

/** A network with random branches and joins. */
export class Tangle extends Module {
  convs: Sequential
  blocks: Sequential
  merge = new Conv2d(8, 4, 1)
  readonly steps: readonly Step[]
  constructor(steps: readonly Step[]) {
    super()
    this.steps = steps
    this.convs = new Sequential(...steps.map(() => new Conv2d(4, 4, 1)))
    this.blocks = new Sequential(...steps.map((_, place) => new SqueezeBlock(place % 2 === 0)))
  }
  forward(x: Value): Value {
    const values = [x]
    this.steps.forEach(({ kind, from, other }, place) => {
      const a = values[Math.max(0, values.length - 1 - from)]
      const b = values[Math.max(0, values.length - 1 - other)]
      values.push(this.step(kind, a, b, place))
    })
    // Uses the last values, so that few are dead code.
    return values.slice(-3).reduce((sum, value) => add(sum, value))
  }
  private step(kind: Step['kind'], a: Value, b: Value, place: number): Value {
    switch (kind) {
      case 'conv':
        return this.convs.at(place)?.(a) ?? a
      case 'block':
        return this.blocks.at(place)?.(a) ?? a
      case 'relu':
        return relu(a)
      case 'add':
        return add(a, b)
      case 'mul':
        return mul(a, b)
      case 'maximum':
        return maximum(a, b)
      case 'concat':
        return this.merge(cat([a, b], 1))
    }
  }
}
