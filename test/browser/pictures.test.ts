// What the library writes and draws is the same in a page: texts to the letter, pixels, and heat as near as logits.
import { commands } from 'vitest/browser'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEngine, drawDiagram, readImage, resnet18, ResnetError } from 'resnet-ts'
import { gradientFlowPage } from 'resnet-ts/explain'
import { renderSvg } from 'resnet-ts/inspect'
import { relativeError } from './closeness.js'
import { drawPictures, explain, writeTexts } from './scenarios/pictures.js'

// What is promised of logits is promised of maps.
const HEAT = 1e-4

it('writes every text and page as Node does', async () => {
  const { comparison, texts } = await commands.textsInNode()
  const found = await writeTexts(comparison)
  expect(Object.keys(found)).toEqual(Object.keys(texts))
  for (const [name, text] of Object.entries(texts)) {
    expect(text.length).toBeGreaterThan(100)
    expect(found[name] === text, `${name} differs`).toBe(true)
  }
})

it('draws every picture as Node does, and gets it back from a PNG', async () => {
  expect(await drawPictures()).toEqual(await commands.picturesInNode())
})

it('finds the heat that Node finds', async () => {
  const engine = createEngine({ device: 'cpu' })
  onTestFinished(() => engine.dispose())
  const [found, expected] = [await explain(engine), await commands.explainInNode()]
  for (const [name, heat] of Object.entries(expected))
    expect(relativeError(found[name], heat), name).toBeLessThan(HEAT)
})

describe('renderSvg', () => {
  it('draws a diagram, as large as it is asked to', async () => {
    const svg = drawDiagram(resnet18(), { style: 'block', theme: 'light' })
    const [small, large] = [
      await readImage(await renderSvg(svg, { scale: 1 })),
      await readImage(await renderSvg(svg))
    ]
    expect([large.width, large.height]).toEqual([2 * small.width, 2 * small.height])
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? []
    expect([small.width, small.height]).toEqual([Number(width), Number(height)])
    expect(new Set(small.data).size).toBeGreaterThan(20)
  })

  it('says what it cannot draw', async () => {
    await expect(renderSvg('no drawing')).rejects.toThrow(ResnetError)
    await expect(renderSvg('no drawing')).rejects.toThrow('renderSvg: the browser cannot draw this SVG')
  })
})

it('the page of gradient flow, written in a page, draws its charts', async () => {
  const { comparison } = await commands.textsInNode()
  const frame = document.createElement('iframe')
  Object.assign(frame.style, { width: '900px', height: '900px' })
  frame.srcdoc = await gradientFlowPage(comparison)
  onTestFinished(() => frame.remove())
  await new Promise(resolve => {
    frame.onload = resolve
    document.body.append(frame)
  })
  await expect.poll(() => frame.contentDocument?.querySelectorAll('figure canvas').length).toBeGreaterThan(2)
})
