// `npm run bench`: measures every speed claim against its peer in the same run, as ratios of medians with their spread.
// Needs a Python with torch and torchvision (PYTHON=/path/to/python; Debian: python3-torch, python3-torchvision).
import { mkdir, stat } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readImage, readWeights } from 'resnet-ts'
import { imageClassification } from 'resnet-ts/images'
import { benchBrowser } from './browser.js'
import { benchInference } from './inference.js'
import { benchJavaScript } from './javascript.js'
import { benchMemory, benchProcess } from './process.js'
import { startPythonPeer } from './python-peer.js'
import { compare, timed } from './statistics.js'
import { benchFineTuning, benchLoader, benchTraining, benchTrainingMemory } from './training.js'

const python = process.env.PYTHON ?? '/usr/bin/python3'
const wanted = process.argv.slice(2)
const wants = (name: string): boolean => wanted.length === 0 || wanted.includes(name)
const folder = join(tmpdir(), 'resnet-ts-bench')
const photograph = fileURLToPath(new URL('../test/goldens/images/photo-500x375.jpg', import.meta.url))

const peer = await startPythonPeer(python, availableParallelism())
console.log(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}`)
await mkdir(folder, { recursive: true })

async function filesOf(model: string): Promise<{ onnx: string; weights: string }> {
  const files = { onnx: join(folder, `${model}.onnx`), weights: join(folder, `${model}.pth`) }
  const exists = await stat(files.onnx).catch(() => undefined)
  if (!exists) await peer.ask({ op: 'export', model, path: files.onnx, weights: files.weights })
  return files
}

for (const model of wants('inference') ? ['resnet18', 'resnet50'] : []) {
  for (const batch of [1, 8]) await benchInference(peer, model, batch, await filesOf(model))
}

if (wants('preprocessing')) {
  const preset = imageClassification({ cropSize: 224 })
  await compare(
    'preprocessing, 500×375 JPEG to a normalised 224×224 tensor',
    { name: 'resnet-ts', sample: () => timed(async () => preset(await readImage(photograph)), 20) },
    [
      {
        name: 'Pillow + torchvision',
        goal: 1.5,
        sample: () => peer.times({ op: 'preprocess', image: photograph, runs: 20 })
      }
    ],
    9
  )
}

if (wants('weights')) {
  const { weights } = await filesOf('resnet50')
  const size = (await stat(weights)).size / 1e6
  await compare(
    `reading a ${size.toFixed(0)} MB .pth (goal ≤ 150 ms)`,
    { name: 'readWeights', sample: () => timed(() => readWeights(weights), 3) },
    [{ name: 'torch.load', sample: () => peer.times({ op: 'read', path: weights, runs: 3 }) }],
    7
  )
}

if (wants('process')) {
  await benchProcess(python, 'resnet18', (await filesOf('resnet18')).weights, photograph)
  await benchMemory(python, 'resnet50', (await filesOf('resnet50')).weights, photograph)
}
if (wants('training')) {
  await benchTraining(peer)
  await benchFineTuning(peer)
  await benchLoader(photograph)
  await benchTrainingMemory(python)
}
if (wants('training') || wants('javascript')) await benchJavaScript()
if (wants('browser')) await benchBrowser(await filesOf('resnet18'))
peer.close()
