// The workload in TensorFlow.js on its JavaScript backend, in its native layout: images NHWC, kernels HWIO.
// It does not compute running statistics, which is to its advantage.
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { createRequire } from 'node:module'
import type { FloatTensor } from 'resnet-ts/functional'
import { CLASSES, EPSILON, LEARNING_RATE, MOMENTUM, STAGES, type Learner, type Lesson } from './lesson.js'

/** Permutations of torch's axes, OI and OIHW, by rank. */
const LAYOUTS: Readonly<Record<number, number[]>> = { 1: [0], 2: [1, 0], 4: [2, 3, 1, 0] }

/** Prepares training with TensorFlow.js. */
export async function startTfjs({ weights, images, labels }: Lesson): Promise<Learner> {
  // The gradients are in a separate file, which only tsx's `require` can load.
  createRequire(import.meta.url)('@tensorflow/tfjs-core/dist/register_all_gradients')
  // Disables its checks, and its advice to install native code.
  tf.enableProdMode()
  await tf.ready()

  const net = new Net(weights)
  const x = tf.transpose(tensorOf(images), [0, 2, 3, 1]) as tf.Tensor4D
  const classes = tf.cast(tf.oneHot([...labels], CLASSES), 'float32')
  const optimizer = tf.train.momentum(LEARNING_RATE, MOMENTUM)
  const lossOf = (): tf.Scalar => tf.losses.softmaxCrossEntropy(classes, net.forward(x))
  return {
    name: 'tfjs-backend-cpu, one thread',
    async step() {
      const loss = optimizer.minimize(lossOf, true)
      if (!loss) throw new Error('minimize returned no loss')
      const [value] = await loss.data()
      loss.dispose()
      return value
    },
    dispose: async () => tf.disposeVariables()
  }
}

class Net {
  readonly #weights: ReadonlyMap<string, tf.Tensor>

  constructor(weights: Lesson['weights']) {
    this.#weights = new Map(
      Array.from(weights, ([name, weight]) => {
        return [name, tf.variable(tf.transpose(tensorOf(weight), LAYOUTS[weight.shape.length]))]
      })
    )
  }

  forward(images: tf.Tensor4D): tf.Tensor {
    let x = tf.relu(this.#norm('bn1', this.#conv('conv1', images, 1, 1)))
    for (const { name, stride } of STAGES) x = this.#block(`${name}.0`, x, stride)
    const features = tf.mean(x, [1, 2])
    return tf.add(tf.matMul(features, this.#weight('fc.weight')), this.#weight('fc.bias'))
  }

  #block(name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D {
    const inner = tf.relu(this.#norm(`${name}.bn1`, this.#conv(`${name}.conv1`, x, stride, 1)))
    const out = this.#norm(`${name}.bn2`, this.#conv(`${name}.conv2`, inner, 1, 1))
    const identity = stride === 1 ? x : this.#project(`${name}.downsample`, x, stride)
    return tf.relu(tf.add<tf.Tensor4D>(out, identity))
  }

  #project(name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D {
    return this.#norm(`${name}.1`, this.#conv(`${name}.0`, x, stride, 0))
  }

  #conv(name: string, x: tf.Tensor4D, stride: number, padding: number): tf.Tensor4D {
    return tf.conv2d(x, this.#weight(`${name}.weight`) as tf.Tensor4D, stride, padding)
  }

  #norm(name: string, x: tf.Tensor4D): tf.Tensor4D {
    const { mean, variance } = tf.moments(x, [0, 1, 2])
    const [scale, shift] = [this.#weight(`${name}.weight`), this.#weight(`${name}.bias`)] as tf.Tensor1D[]
    return tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, shift, scale, EPSILON)
  }

  #weight(name: string): tf.Tensor {
    const weight = this.#weights.get(name)
    if (!weight) throw new Error(`unknown weight ${name}`)
    return weight
  }
}

function tensorOf({ data, shape }: FloatTensor): tf.Tensor {
  return tf.tensor(data, [...shape])
}
