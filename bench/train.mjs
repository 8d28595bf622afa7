// A process that makes three training steps, to measure its peak memory.
import { createTrainer, rand, resnet18, sgd } from 'resnet-ts'

const trainer = await createTrainer(resnet18(), {
  optimizer: sgd({ lr: 0.01, momentum: 0.9, weightDecay: 1e-4 })
})
const labels = Array.from({ length: 16 }, (_, i) => i)
for (let i = 0; i < 3; i++)
  await trainer.step({ images: rand([16, 3, 224, 224]), labels }, { transfer: true })
