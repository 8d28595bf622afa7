// Tests of the public types: the compiler checks this file (`npm run types`); at run time it only needs to load.
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  classifier,
  compile,
  createFeatureExtractor,
  Linear,
  rand,
  readImage,
  readWeights,
  resnet18,
  ResNet50_Weights,
  tensor,
  writeWeights,
  type CompiledNetwork,
  type CompileOptions,
  type Module,
  type Prediction,
  type ResNet,
  type StateDict,
  type Tensor,
  type Value
} from 'resnet-ts'
import type { Picture } from 'resnet-ts/images'
import { vgg11, type Weights } from 'resnet-ts/models'

describe('types', () => {
  it('of tensors follow their data', () => {
    expectTypeOf(tensor([1, 2], [2])).toEqualTypeOf<Tensor<'float32'>>()
    expectTypeOf(tensor([1, 2]).data).toEqualTypeOf<Float32Array>()
    expectTypeOf(tensor(new BigInt64Array(1), [1], 'int64').data).toEqualTypeOf<BigInt64Array>()
    expectTypeOf(rand([2]).shape).toEqualTypeOf<readonly number[]>()
    // @ts-expect-error a dtype and its typed array belong together
    expect(() => tensor(new BigInt64Array(1), [1], 'float32')).toThrow('the typed array of its dtype')
  })

  it('of a compiled network know its outputs', () => {
    const plain = (): Promise<CompiledNetwork> => compile(resnet18(), { input: ['N', 3, 224, 224] })
    expectTypeOf<ReturnType<Awaited<ReturnType<typeof plain>>>>().toEqualTypeOf<Promise<Tensor<'float32'>>>()
    expectTypeOf(plain).toBeFunction()

    const options = { input: ['N', 3, 224, 224], outputs: ['layer3', 'layer4.1.bn2'] } as const
    const features = () => compile(resnet18(), options)
    type Features = Awaited<ReturnType<Awaited<ReturnType<typeof features>>>>
    expectTypeOf<keyof Features>().toEqualTypeOf<'logits' | 'layer3' | 'layer4.1.bn2'>()
    expectTypeOf(features).toBeFunction()

    const extract = createFeatureExtractor(resnet18(), { layer2: 'half', layer4: 'deep' })
    expectTypeOf(extract.names).toEqualTypeOf<readonly ('half' | 'deep')[]>()
    expectTypeOf(extract.features).returns.toEqualTypeOf<Readonly<Record<'half' | 'deep', Value>>>()
    const named = () => compile(extract, { input: ['N', 3, 224, 224] })
    expectTypeOf<Awaited<ReturnType<Awaited<ReturnType<typeof named>>>>>().toEqualTypeOf<
      Readonly<Record<'half' | 'deep', Tensor<'float32'>>>
    >()
    const listed = () => compile(createFeatureExtractor(vgg11(), ['features', 'avgpool']), options)
    expectTypeOf<keyof Awaited<ReturnType<Awaited<ReturnType<typeof listed>>>>>().toEqualTypeOf<
      'features' | 'avgpool'
    >()
    expectTypeOf([named, listed]).toBeArray()

    // @ts-expect-error a dimension is a number or 'N'
    expectTypeOf((): CompileOptions => ({ input: ['M', 3] })).toBeFunction()
  })

  it('of modules and files', () => {
    expectTypeOf(resnet18).returns.toEqualTypeOf<ResNet>()
    expectTypeOf<ResNet>().toExtend<Module>()
    expectTypeOf(new Linear(1, 1).forward).toEqualTypeOf<(x: Value) => Value>()
    expectTypeOf(readWeights).returns.toEqualTypeOf<Promise<StateDict>>()
    expectTypeOf(writeWeights).returns.toEqualTypeOf<Promise<void>>()
    expectTypeOf(readImage).returns.toEqualTypeOf<Promise<Picture>>()
    expectTypeOf(ResNet50_Weights).toEqualTypeOf<
      Readonly<Record<'IMAGENET1K_V1' | 'IMAGENET1K_V2' | 'DEFAULT', Weights>>
    >()
    expectTypeOf(classifier).returns.resolves.returns.toEqualTypeOf<Promise<Prediction[]>>()
    // @ts-expect-error options are checked
    expectTypeOf(() => resnet18({ numClases: 10 })).toBeFunction()
    // @ts-expect-error a number by itself is no option, as in torch's BatchNorm2d(64, 1e-3)
    expectTypeOf(() => resnet18(10)).toBeFunction()
    // @ts-expect-error nor is a text
    expectTypeOf(() => resnet18('IMAGENET1K_V1')).toBeFunction()
  })
})
