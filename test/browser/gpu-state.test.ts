// With WebGPU, weights stay on the GPU during training: only the loss of a step is read back.
import { expect, it, onTestFinished, vi } from 'vitest'

const FLOAT_BYTES = 4
const QUIET_MS = 500

/** Prepends code to every worker that reports the size of each GPU read-back on a channel. */
function watchReadings(): { take(): Promise<number> } {
  const channel = new BroadcastChannel('readings')
  const watching = `
    const channel = new BroadcastChannel('readings')
    const { mapAsync } = GPUBuffer.prototype
    GPUBuffer.prototype.mapAsync = function (...args) {
      channel.postMessage(this.size)
      return mapAsync.apply(this, args)
    }`
  const script = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
  const Original = Worker
  vi.stubGlobal(
    'Worker',
    class extends Original {
      constructor(url: URL, options: WorkerOptions) {
        const both = `import ${JSON.stringify(script(watching))}\nimport ${JSON.stringify(new URL(url, location.href).href)}`
        super(script(both), options)
      }
    }
  )
  let bytes = 0
  let lastAt = 0
  channel.onmessage = ({ data }: MessageEvent<number>) => {
    bytes += data
    lastAt = performance.now()
  }
  onTestFinished(() => {
    channel.close()
    vi.unstubAllGlobals()
  })
  return {
    async take() {
      // The channel's messages arrive asynchronously.
      const start = performance.now()
      do await new Promise(resolve => setTimeout(resolve, 100))
      while (performance.now() - Math.max(start, lastAt) < QUIET_MS)
      const taken = bytes
      bytes = 0
      return taken
    }
  }
}

it('does not read weights back while it trains', async () => {
  const readings = watchReadings()
  // Imported only now, because it captures the page's Worker when it is loaded.
  const { cifar_resnet8, createEngine, createTrainer, manualSeed, rand, sgd } = await import('resnet-ts')
  await using engine = createEngine({ device: 'webgpu', threads: 1 })
  manualSeed(0)
  const net = cifar_resnet8()
  const weights = [...net.parameters()].reduce((bytes, { data }) => bytes + FLOAT_BYTES * data.size, 0)
  await using trainer = await createTrainer(net, {
    optimizer: sgd({ lr: 0.1, momentum: 0.9 }),
    engine
  })
  const batch = { images: rand([2, 3, 16, 16]), labels: [0, 1] }
  await trainer.step(batch)
  await readings.take()
  for (let step = 0; step < 3; step++) await trainer.step(batch)
  const read = await readings.take()
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThan(weights / 20)
  // Reading all weights is noticed.
  await trainer.stateDict()
  expect(await readings.take()).toBeGreaterThanOrEqual(weights)
})
