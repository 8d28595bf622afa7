import { it } from 'vitest'
import { createEngine } from 'resnet-ts'
import { train } from './scenarios/training.js'
it('x', async () => {
  const engine = createEngine({ device: 'webgpu' })
  const t = await train('cifar_resnet8', engine)
  console.log(t.losses.join(' '))
})
