// The workload in jax-js, whose functions consume their arguments; `ref` keeps an array for another use.
// It does not compute running statistics, which is to its advantage.
import { blockUntilReady, init, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import type { FloatTensor } from 'resnet-ts/functional'
import { CLASSES, EPSILON, LEARNING_RATE, MOMENTUM, STAGES, type Learner, type Lesson } from './lesson.js'

type Weights = Record<string, np.Array>
type Step = [loss: np.Array, weights: Weights, velocities: Weights]

/** Prepares training with jax-js. */
export async function startJax(lesson: Lesson): Promise<Learner> {
  // Its threads are Web Workers, which Node does not have.
  const threads = typeof Worker === 'undefined' ? 'one thread' : `${navigator.hardwareConcurrency} threads`
  const devices = await init('wasm')
  if (!devices.includes('wasm')) throw new Error('no WebAssembly')
  const images = arrayOf(lesson.images)
  const classes = nn.oneHot(np.array([...lesson.labels], { dtype: np.int32 }), CLASSES)
  let weights: Weights = {}
  let velocities: Weights = {}
  for (const [name, weight] of lesson.weights) {
    weights[name] = arrayOf(weight)
    velocities[name] = np.zeros([...weight.shape])
  }

  return {
    name: `jax-js on wasm, ${threads}`,
    async step() {
      // Without `jit`, with which a step takes a fifth longer here.
      const [loss, nextWeights, nextVelocities] = learn(weights, velocities, images.ref, classes.ref)
      weights = nextWeights
      velocities = nextVelocities
      // Otherwise the lazy arrays would be computed in the next step.
      await blockUntilReady([weights, velocities])
      // The declared type includes Float16Array, which the configured lib does not have.
      const [value] = (await loss.data()) as Float32Array
      return value
    },
    dispose: async () => tree.dispose([weights, velocities, images, classes])
  }
}

/** A step, as a function from one state to the next. */
function learn(weights: Weights, velocities: Weights, images: np.Array, classes: np.Array): Step {
  const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(weights), images, classes)
  const [nextWeights, nextVelocities]: [Weights, Weights] = [{}, {}]
  for (const name of Object.keys(weights)) {
    const velocity = velocities[name].mul(MOMENTUM).add(gradients[name])
    nextWeights[name] = weights[name].sub(velocity.ref.mul(LEARNING_RATE))
    nextVelocities[name] = velocity
  }
  return [loss, nextWeights, nextVelocities]
}

function lossOf(w: Weights, images: np.Array, classes: np.Array): np.Array {
  const batch = images.shape[0]
  let x = nn.relu(norm(w, 'bn1', conv(w, 'conv1', images, 1, 1)))
  for (const { name, stride } of STAGES) x = block(w, `${name}.0`, x, stride)
  const features = x.mean([2, 3])
  const logits = np.dot(features, w['fc.weight'].transpose()).add(w['fc.bias'])
  return nn.logSoftmax(logits).mul(classes).sum().div(-batch)
}

function block(w: Weights, name: string, x: np.Array, stride: number): np.Array {
  const inner = nn.relu(norm(w, `${name}.bn1`, conv(w, `${name}.conv1`, x.ref, stride, 1)))
  const out = norm(w, `${name}.bn2`, conv(w, `${name}.conv2`, inner, 1, 1))
  const identity = stride === 1 ? x : project(w, `${name}.downsample`, x, stride)
  return nn.relu(out.add(identity))
}

function project(w: Weights, name: string, x: np.Array, stride: number): np.Array {
  return norm(w, `${name}.1`, conv(w, `${name}.0`, x, stride, 0))
}

function conv(w: Weights, name: string, x: np.Array, stride: number, padding: number): np.Array {
  const around: [number, number] = [padding, padding]
  return lax.convGeneralDilated(x, w[`${name}.weight`], [stride, stride], [around, around])
}

function norm(w: Weights, name: string, x: np.Array): np.Array {
  const over = [0, 2, 3]
  const scale = w[`${name}.weight`].reshape([1, -1, 1, 1])
  const shift = w[`${name}.bias`].reshape([1, -1, 1, 1])
  const centred = x.ref.sub(x.mean(over, { keepdims: true }))
  const variance = np.square(centred.ref).mean(over, { keepdims: true })
  return centred.mul(scale.div(np.sqrt(variance.add(EPSILON)))).add(shift)
}

function arrayOf({ data, shape }: FloatTensor): np.Array {
  return np.array(data).reshape([...shape])
}
