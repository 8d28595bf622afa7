// What may stand on a shortcut instead of the identity: table 1 of Identity Mappings in Deep Residual Networks (He et al.
// 2016, arXiv:1603.05027, section 3). All of it is worse; the paper's point is that nothing should stand there. And, beside
// the table, what becomes of a network that multiplies where it should add.
import { checkOptions, finiteNumber, type Checks } from '../../base/options.js'
import { add, mul, sigmoid, sub } from '../../ir/functional/elementwise.js'
import type { Value } from '../../ir/ops.js'
import { constant } from '../../nn/init.js'
import { Conv2d } from '../../nn/layers/conv2d.js'
import { Dropout } from '../../nn/layers/dropout.js'
import { Sequential } from '../../nn/layers/sequential.js'
import { batchNorm, BLOCK_OPTIONS, type BlockOptions } from './residual-block.js'
import { BasicBlock } from './resnet.js'
import { project } from './resnet-tweaks.js'
import type { Skip } from './skip-names.js'

/** How a block's shortcut differs from the identity. */
export interface SkipOptions extends BlockOptions {
  /** What the gate's bias starts at: so far below zero that the shortcut begins open; the paper's best is −6. */
  readonly gateBias?: number
}

const SKIP_OPTIONS: Checks<SkipOptions> = { ...BLOCK_OPTIONS, gateBias: finiteNumber }

/** `½F(x) + ½x` (figure 2b). */
export class HalfBlock extends BasicBlock {
  override forward(x: Value): Value {
    if (!this.residual) return super.forward(x)
    const identity = this.downsample ? this.downsample(x) : x
    let out = mul(this.residualFunction(x), 0.5)
    if (this.stochastic_depth) out = this.stochastic_depth(out)
    return this.relu(add(out, mul(identity, 0.5)))
  }
}

/** A block with a gate `g(x) = σ(Wx + b)`, a 1×1 convolution. */
export abstract class GateBlock extends BasicBlock {
  readonly gate: Conv2d

  constructor(inPlanes: number, planes: number, options: SkipOptions = {}) {
    const { gateBias = -6, ...others } = checkOptions(new.target.name, options, SKIP_OPTIONS)
    super(inPlanes, planes, others)
    this.gate = new Conv2d(inPlanes, planes, 1, { stride: options.stride ?? 1 })
    if (this.gate.bias) constant(this.gate.bias, gateBias)
  }

  /** What becomes of F(x), given the gate. */
  protected abstract weigh(residual: Value, gate: Value): Value

  override forward(x: Value): Value {
    if (!this.residual) return super.forward(x)
    const gate = sigmoid(this.gate(x))
    const identity = this.downsample ? this.downsample(x) : x
    let out = this.weigh(this.residualFunction(x), gate)
    if (this.stochastic_depth) out = this.stochastic_depth(out)
    return this.relu(add(out, mul(sub(1, gate), identity)))
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

/** `F(x) + dropout(x)`: half of the shortcut is missing while training (figure 2f). */
export class DropoutBlock extends BasicBlock {
  constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
    checkOptions(new.target.name, options, BLOCK_OPTIONS)
    const { downsample, residual = true } = options
    const dropped = new Dropout(0.5)
    const shortcut = downsample ? new Sequential(downsample, dropped) : dropped
    super(inPlanes, planes, { ...options, downsample: residual ? shortcut : undefined })
  }
}

/**
 * `F(x) · x`: x is a factor, and so is its gradient's way back, block after block. Where the block changes the shape, x is
 * projected; channels of zeros would stay zeros.
 */
export class ProductBlock extends BasicBlock {
  constructor(inPlanes: number, planes: number, options: BlockOptions = {}) {
    checkOptions(new.target.name, options, BLOCK_OPTIONS)
    const { stride = 1, residual = true, normLayer = batchNorm } = options
    const isChanging = stride !== 1 || inPlanes !== planes
    const downsample = residual && isChanging ? project(inPlanes, planes, stride, normLayer) : undefined
    super(inPlanes, planes, { ...options, downsample })
  }

  override forward(x: Value): Value {
    if (!this.residual) return super.forward(x)
    const identity = this.downsample ? this.downsample(x) : x
    return this.relu(mul(this.residualFunction(x), identity))
  }
}

/** The blocks by what stands on their shortcut. */
export const SKIP_BLOCKS = {
  identity: BasicBlock,
  half: HalfBlock,
  'exclusive-gate': ExclusiveGateBlock,
  'shortcut-gate': ShortcutGateBlock,
  conv1x1: ProjectedBlock,
  dropout: DropoutBlock,
  product: ProductBlock
} satisfies Record<Skip, new (inPlanes: number, planes: number, options?: SkipOptions) => BasicBlock>
