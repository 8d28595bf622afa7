// Alternatives to identity shortcuts: table 1 of Identity Mappings in Deep Residual Networks (He et al. 2016,
// arXiv:1603.05027, section 3), all of which are worse, and multiplication instead of addition.
import { checkOptions, finiteNumber, type OptionsOf } from '../../base/options.js'
import { add, mul, sigmoid, sub } from '../../ir/functional/elementwise.js'
import { toValue } from '../../ir/operand.js'
import type { Value } from '../../ir/ops.js'
import { constant } from '../../nn/init.js'
import { Conv2d } from '../../nn/layers/convolution.js'
import { Dropout } from '../../nn/layers/dropout.js'
import { Sequential } from '../../nn/layers/containers.js'
import type { Module } from '../../nn/module/module.js'
import { copyWith } from '../../nn/rewrite/with-children.js'
import { batchNorm, BLOCK_OPTIONS, type BlockOptions } from './residual-block.js'
import { BasicBlock } from './resnet.js'
import { project } from './stages.js'
import type { Skip } from '../model-options.js'

const SKIP_OPTIONS = {
  ...BLOCK_OPTIONS,
  /** The gate's initial bias, negative to open the shortcut; the paper's best is −6. */
  gateBias: finiteNumber
}

/** Options of these blocks. */
export interface SkipOptions extends OptionsOf<typeof SKIP_OPTIONS> {}

/** A block with another join than F(x) + x. */
abstract class WeighedBlock extends BasicBlock {
  /** Joins F(x), the shortcut's output and x. */
  protected abstract join(out: Value, identity: Value, x: Value): Value

  override forward(x: Value): Value {
    if (!this.residual) return super.forward(x)
    const identity = toValue(this.downsample ? this.downsample(x) : x)

    let out = this.relu(this.bn1(this.conv1(x)))
    out = this.bn2(this.conv2(out))
    return this.relu(this.join(out, identity, x))
  }
}

/** `½F(x) + ½x` (figure 2b). */
export class HalfBlock extends WeighedBlock {
  protected join(out: Value, identity: Value): Value {
    return add(this.refine(mul(out, 0.5)), mul(identity, 0.5))
  }
}

/** A block with a gate `g(x) = σ(Wx + b)`, a 1×1 convolution. */
export abstract class GateBlock extends WeighedBlock {
  readonly gate: Conv2d | undefined

  constructor(inPlanes: number, planes: number, options: SkipOptions = {}) {
    const { gateBias = -6, ...others } = checkOptions(new.target.name, options, SKIP_OPTIONS)
    super(inPlanes, planes, others)
    this.gate = new Conv2d(inPlanes, planes, 1, { stride: options.stride ?? 1 })
    if (this.gate.bias) constant(this.gate.bias, gateBias)
  }

  /** Weights F(x) by the gate. */
  protected abstract weigh(residual: Value, gate: Value): Value

  protected join(out: Value, identity: Value, x: Value): Value {
    const gate = sigmoid(this.gate ? this.gate(x) : x)
    return add(this.refine(this.weigh(out, gate)), mul(sub(1, gate), identity))
  }

  override withoutShortcut(): Module {
    return copyWith(super.withoutShortcut(), { gate: undefined })
  }
}

/** `g(x)·F(x) + (1 − g(x))·x`, as highway networks do (figure 2c). */
export class ExclusiveGateBlock extends GateBlock {
  protected weigh(residual: Value, gate: Value): Value {
    return mul(gate, residual)
  }
}

/** `F(x) + (1 − g(x))·x` (figure 2d). */
export class ShortcutGateBlock extends GateBlock {
  protected weigh(residual: Value): Value {
    return residual
  }
}

/** `F(x) + Wx`, normalised as all convolutions are, in every block (figure 2e; option C of arXiv:1512.03385). */
export class ProjectedBlock extends BasicBlock {
  constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
    checkOptions(new.target.name, options, BLOCK_OPTIONS)
    const { stride = 1, residual = true, normLayer = batchNorm } = options
    const downsample = residual ? project(inPlanes, planes, stride, normLayer) : undefined
    super(inPlanes, planes, { ...options, downsample })
  }
}

/** `F(x) + dropout(x)` with p = 0.5 (figure 2f). */
export class DropoutBlock extends BasicBlock {
  constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
    checkOptions(new.target.name, options, BLOCK_OPTIONS)
    const { downsample, residual = true } = options
    const dropped = new Dropout(0.5)
    const shortcut = downsample ? new Sequential(downsample, dropped) : dropped
    super(inPlanes, planes, { ...options, downsample: residual ? shortcut : undefined })
  }
}

/** `F(x) · x`: gradients are multiplied block after block. Shape changes are projected; zero channels would stay zero. */
export class ProductBlock extends WeighedBlock {
  constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
    checkOptions(new.target.name, options, BLOCK_OPTIONS)
    const { stride = 1, residual = true, normLayer = batchNorm } = options
    const isChanging = stride !== 1 || inPlanes !== planes
    const downsample = residual && isChanging ? project(inPlanes, planes, stride, normLayer) : undefined
    super(inPlanes, planes, { ...options, downsample })
  }

  protected join(out: Value, identity: Value): Value {
    return mul(out, identity)
  }
}

export const SKIP_BLOCKS = {
  identity: BasicBlock,
  half: HalfBlock,
  'exclusive-gate': ExclusiveGateBlock,
  'shortcut-gate': ShortcutGateBlock,
  conv1x1: ProjectedBlock,
  dropout: DropoutBlock,
  product: ProductBlock
} satisfies Record<Skip, new (inPlanes: number, planes: number, options?: SkipOptions) => BasicBlock>
