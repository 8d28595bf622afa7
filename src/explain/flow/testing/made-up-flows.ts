import type { FlowComparison, TwinFlows } from '../compare-gradient-flow.js'
import type { GradientFlow } from '../gradient-flow.js'

/** What a made-up run shows. */
export interface MadeUp {
  readonly layers?: number
  /** ‖g‖ of the first and the last layer, per sample. */
  readonly gradients?: readonly (readonly [first: number, last: number])[]
  /** ‖F(x)‖ / ‖x‖ of each block, per sample. */
  readonly ratios?: readonly (readonly (number | null)[])[]
  readonly loss?: number
  readonly accuracy?: number | null
  /** How many are held out. */
  readonly images?: number
  readonly steps?: number
  readonly ended?: GradientFlow['ended']
}

/** A run of a network whose layers are `conv1` … */
export function madeUpFlow({
  layers = 5,
  gradients = [[1, 1]],
  ratios = [],
  loss = 1,
  accuracy = 0.9,
  images = 1000,
  steps = 100,
  ended = 'finished'
}: MadeUp = {}): GradientFlow {
  const between = Array.from({ length: layers - 2 }, () => 1)
  return {
    parameters: 1000,
    layers: Array.from({ length: layers }, (_, i) => ({
      parameter: `conv${i + 1}.weight`,
      depth: i + 1,
      onShortcut: false
    })),
    blocks: (ratios.at(0) ?? []).map((_, i) => `block${i}`),
    losses: Array.from({ length: steps }, () => loss),
    samples: gradients.map(([first, last], i) => ({
      after: 10 * i,
      gradients: [first, ...between, last],
      blocks: (ratios[i] ?? []).map(ratio => ({
        branch: ratio ?? 0,
        shortcut: ratio === null ? 0 : 1,
        ratio
      }))
    })),
    heldOut: accuracy === null || steps === 0 ? [] : [{ after: steps, loss, accuracy, images }],
    ended,
    ...(ended === 'broken' ? { fault: 'Step 7: the loss is NaN' } : {})
  }
}

export function madeUpTwins(plain: MadeUp, residual: MadeUp, zeroInit?: MadeUp, name = 'net'): TwinFlows {
  return {
    name,
    plain: madeUpFlow(plain),
    residual: madeUpFlow(residual),
    ...(zeroInit ? { zeroInit: madeUpFlow(zeroInit) } : {})
  }
}

/** A comparison of ten classes. */
export function madeUpComparison(
  twins: readonly TwinFlows[],
  rest: Partial<FlowComparison> = {}
): FlowComparison {
  return { twins, steps: 100, stepsPerEpoch: 20, classes: 10, finished: true, ...rest }
}
