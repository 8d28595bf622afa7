// A branching network through the whole API: nested modules, one called twice, functional ops in `forward`, a buffer, and
// a layer that is never called.
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import {
  add,
  BatchNorm2d,
  compile,
  Conv2d,
  createTrainer,
  drawDiagram,
  exportOnnx,
  formatSummary,
  Gated,
  gradCam,
  Linear,
  manualSeed,
  Module,
  rand,
  randn,
  relu,
  Residual,
  Sequential,
  sgd,
  Sigmoid,
  summarize,
  ones,
  type Value
} from 'resnet-ts'
import { cat, mean, mul } from 'resnet-ts/functional'
import { DIAGRAM_STYLES } from 'resnet-ts/inspect'
import { ModuleBuffer, CBAM } from 'resnet-ts/nn'
import { describe, expect, it } from 'vitest'
import { expectClose } from './support/closeness.js'

class Branches extends Module {
  readonly left = new Conv2d(8, 8, 3, { padding: 1, bias: false })
  readonly right = new Conv2d(8, 8, 1)
  readonly gate = new Gated(new Sequential(new Conv2d(16, 16, 1), new Sigmoid()))
  readonly scale = new ModuleBuffer(ones([1]))
  forward(x: Value): Value {
    const joined = cat([this.left(x), this.right(x)], 1)
    return mul(this.gate(joined), this.scale)
  }
}

class Branching extends Module {
  readonly stem = new Sequential(new Conv2d(3, 8, 3, { padding: 1 }), new BatchNorm2d(8))
  readonly shared = new Residual(
    new Sequential(new Conv2d(8, 8, 3, { padding: 1, bias: false }), new BatchNorm2d(8))
  )
  readonly branching = new Branches()
  readonly attention = new CBAM(16)
  readonly unused = new Linear(7, 9)
  readonly head = new Linear(16, 4)
  forward(x: Value): Value {
    x = relu(this.stem(x))
    x = relu(this.shared(this.shared(x)))
    x = this.branching(x)
    x = add(this.attention(x), x)
    return this.head(mean(x, [2, 3]))
  }
}

const input = ['N', 3, 12, 12] as const
manualSeed(3)
const net = new Branching()

describe('a branching network', () => {
  it('prints', () => {
    expect(String(net)).toMatch(/^Branching\(\n {2}\(stem\): Sequential\(/)
    expect(String(net)).toContain('(unused): Linear(in_features=7, out_features=9, bias=True)')
  })

  it('is summarised with each parameter counted once', () => {
    const summary = summarize(net, { input: [1, 3, 12, 12] })
    const count = [...net.parameters()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
    expect(summary.parameters).toBe(count)
    const rows = summary.rows.reduce((sum, { parameters }) => sum + parameters, 0)
    expect(rows).toBe(count - 7 * 9 - 9)
    expect(formatSummary(summary)).toContain('Residual: shared')
  })

  it.each(DIAGRAM_STYLES)('is drawn in style %s', style => {
    const svg = drawDiagram(net, {
      style,
      input: [1, 3, 12, 12],
      ...(style === 'stage' ? { stage: 'shared' } : {})
    })
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\n?$/)
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('trains, exports, and computes the same everywhere', async () => {
    const images = randn([16, 3, 12, 12])
    const batch = { images, labels: Int32Array.from({ length: 16 }, (_, i) => i % 4) }
    await using trainer = await createTrainer(net, { optimizer: sgd({ lr: 0.1, momentum: 0.9 }) })
    const losses: number[] = []
    for (let step = 0; step < 30; step++) losses.push((await trainer.step(batch)).loss)
    await trainer.stateDict()
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2)

    const x = rand([2, 3, 12, 12])
    await using run = await compile(net, { input })
    const { data } = await run(x)
    const session = await InferenceSession.create(exportOnnx(net, { input }))
    const { logits } = await session.run({ x: new OrtTensor('float32', x.data, [2, 3, 12, 12]) })
    expectClose('exported', logits.data as Float32Array, data)
    const other = new Branching()
    other.loadStateDict(net.stateDict())
    await using again = await compile(other, { input })
    expect((await again(x)).data).toEqual(data)
  })

  it('is explained', async () => {
    const explain = await gradCam(net, { input, layer: 'branching' })
    const { map, classIndex } = await explain(rand([2, 3, 12, 12]))
    expect(map.shape).toEqual([2, 12, 12])
    expect(classIndex).toHaveLength(2)
  })
})
