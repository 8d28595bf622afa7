// A browser computes what Node computes: logits, losses and trained weights.
import { commands } from 'vitest/browser'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEngine, type Device, type Engine } from 'resnet-ts/functional'
import { relativeError } from './closeness.js'
import { CASES as NETWORKS, logitsOf } from './scenarios/logits.js'
import { CASES as TRAININGS, train } from './scenarios/training.js'

// What is promised of logits.
const LOGITS = 1e-4
// Of losses, as against torch. The weights differ more where the optimiser divides by what is nearly nothing.
const LOSSES = 1e-4
const WEIGHTS = 1e-3

function open(device: Device): Engine {
  const engine = createEngine({ device })
  onTestFinished(() => engine.dispose())
  return engine
}

async function expectSameTraining(name: (typeof TRAININGS)[number], device: Device): Promise<void> {
  const [found, expected] = [await train(name, open(device)), await commands.trainInNode(name)]
  expect(found.losses.length).toBeGreaterThan(2)
  expect(relativeError(found.losses, expected.losses)).toBeLessThan(LOSSES)
  expect(Object.keys(found.norms)).toEqual(Object.keys(expected.norms))
  for (const [key, norm] of Object.entries(expected.norms)) {
    expect(Math.abs(found.norms[key] - norm), key).toBeLessThanOrEqual(WEIGHTS * norm)
  }
}

describe('on WebAssembly', () => {
  it.each(NETWORKS)("$model's logits are Node's", async wanted => {
    const found = await logitsOf(wanted, open('cpu'))
    expect(relativeError(found, await commands.logitsInNode(wanted))).toBeLessThan(LOGITS)
  })
  it.each(TRAININGS)('%s is trained as in Node', name => expectSameTraining(name, 'cpu'))
})

describe('on WebGPU', () => {
  // Made of software here, it takes seconds for what takes the processor milliseconds.
  const wanted = { model: 'resnet18', side: 64 }
  it("resnet18's logits are Node's", async () => {
    const found = await logitsOf(wanted, open('webgpu'))
    expect(relativeError(found, await commands.logitsInNode(wanted))).toBeLessThan(LOGITS)
  })
  it.each(TRAININGS)('%s is trained as in Node', name => expectSameTraining(name, 'webgpu'))
})
