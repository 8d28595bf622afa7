// Logits to compare between a browser and Node: seeded networks in evaluation mode.
import { compile, manualSeed, rand, type Engine } from 'resnet-ts'
import { findModel } from 'resnet-ts/models'

/** A network, and its image size. */
export interface Case {
  readonly model: string
  readonly side: number
}

/** One of every kind of block. */
export const CASES: readonly Case[] = [
  { model: 'resnet18', side: 224 },
  { model: 'resnet50', side: 96 },
  { model: 'resnext50_32x4d', side: 64 },
  { model: 'se_resnet18', side: 64 },
  { model: 'cbam_resnet18', side: 64 },
  { model: 'eca_resnet18', side: 64 },
  { model: 'preact_resnet18', side: 64 },
  { model: 'resnet18d', side: 64 },
  { model: 'cifar_resnet20', side: 32 }
]

/** The logits of two images. */
export async function logitsOf({ model, side }: Case, engine?: Engine): Promise<number[]> {
  manualSeed(0)
  const net = findModel(model).build({ numClasses: 10 })
  const run = await compile(net, {
    input: ['N', 3, side, side],
    transfer: true,
    ...(engine ? { engine } : {})
  })
  const { data } = await run(rand([2, 3, side, side]))
  await run.dispose()
  return Array.from(data)
}
