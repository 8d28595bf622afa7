// Diagrams and comparisons of models and of users' own networks.
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import {
  cifar_resnet8,
  Conv2d,
  drawDiagram,
  Gated,
  Linear,
  Module,
  Residual,
  resnet18,
  Sequential,
  Sigmoid,
  type Value
} from 'resnet-ts'
import { mean } from 'resnet-ts/functional'
import { compareNetworks, diagramHtml, renderSvg } from 'resnet-ts/inspect'

class Own extends Module {
  body = new Residual(new Conv2d(3, 3, 1))
  gate = new Gated(new Sequential(new Conv2d(3, 3, 1), new Sigmoid()))
  head = new Linear(3, 2)
  forward(x: Value): Value {
    return this.head(mean(this.gate(this.body(x)), [2, 3]))
  }
}

describe('the library', () => {
  it('draws a user’s network, with a + and a ×', () => {
    const svg = drawDiagram(new Own(), { input: [1, 3, 8, 8], theme: 'light' })
    expect(svg.match(/class="join"/g)).toHaveLength(2)
    expect(svg).toContain('F(x) + x')
    expect(svg).toContain('F(x) · x')
    expect(diagramHtml(new Own(), { input: [1, 3, 8, 8] })).toContain('<svg')
  })

  it('names a gate’s layers so that they are not taken for the body’s', () => {
    const svg = drawDiagram(new Own(), { input: [1, 3, 8, 8] })
    for (const name of ['gate.body.0', 'gate.body.1', 'body.body']) expect(svg).toContain(`>${name}<`)
    expect(svg).not.toContain('>body.0<')
  })

  it('renders an image in DejaVu Sans of the given size', async () => {
    const svg = drawDiagram(new Own(), { input: [1, 3, 8, 8], theme: 'dark' })
    const [, width, height] = (/width="(\d+)" height="(\d+)" role/.exec(svg) ?? []).map(Number)
    const { info, data } = await sharp(await renderSvg(svg, { scale: 1.5 }))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([1.5 * width, 1.5 * height].map(Math.round))
    expect([...data.subarray(0, 3)]).toEqual([0x14, 0x17, 0x1b])
    // The title is visible at the upper left.
    const title = await sharp(data, { raw: info })
      .extract({ left: 30, top: 20, width: 90, height: 45 })
      .stats()
    expect(title.channels[0].max).toBeGreaterThan(200)
  })

  it('compares two networks by counts and by time', async () => {
    const input = [1, 3, 32, 32]
    const { a, b, ratios } = await compareNetworks(cifar_resnet8(), resnet18(), { input, runs: 3 })
    expect([a.layers, b.layers, a.parameters]).toEqual([8, 18, 75_290])
    expect(ratios.parameters).toBeCloseTo(11_689_512 / 75_290, 10)
    for (const { latency } of [a, b]) {
      expect(latency?.runs).toBe(3)
      expect(latency?.median).toBeGreaterThan(0)
      expect(latency?.lower).toBeLessThanOrEqual(latency?.upper ?? 0)
    }
    expect(ratios.latency).toBe((b.latency?.median ?? NaN) / (a.latency?.median ?? NaN))
    const counted = await compareNetworks(cifar_resnet8(), new Own(), {
      input: [input, [1, 3, 8, 8]],
      runs: 0
    })
    expect([counted.a.inputShape, counted.b.inputShape]).toEqual([input, [1, 3, 8, 8]])
    expect(counted.ratios.latency).toBeUndefined()
  })
})
