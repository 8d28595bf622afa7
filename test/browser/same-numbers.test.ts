// A browser computes the same as Node: logits, losses and trained weights.
import { commands } from 'vitest/browser'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEngine, type Device, type Engine } from 'resnet-ts/functional'
import { relativeError } from './closeness.js'
import { CASES as NETWORKS, logitsOf } from './scenarios/logits.js'
import { CASES as TRAININGS, train } from './scenarios/training.js'

// The tolerance of logits.
const LOGITS = 1e-4
// The tolerance of losses, as against torch. Weights differ more if the optimiser divides by numbers close to zero.
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
  // Emulated in software, WebGPU takes seconds where the CPU takes milliseconds.
  const wanted = { model: 'resnet18', side: 64 }
  it("resnet18's logits are Node's", async () => {
    const found = await logitsOf(wanted, open('webgpu'))
    expect(relativeError(found, await commands.logitsInNode(wanted))).toBeLessThan(LOGITS)
  })
  it.each(TRAININGS)('%s is trained as in Node', name => expectSameTraining(name, 'webgpu'))
})
