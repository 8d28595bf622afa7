// A network in a user's own file: a stem, a residual block and a linear layer, for grey pictures of 8 × 8.
export const OWN_NETWORK = `
import { BatchNorm2d, Conv2d, Linear, Module, ReLU, Residual, Sequential } from 'resnet-ts'
import { mean } from 'resnet-ts/functional'
const layer = (from, to) => new Sequential(new Conv2d(from, to, 3, { padding: 1 }), new BatchNorm2d(to), new ReLU())
export default class MyNet extends Module {
  constructor({ numClasses = 10, inChannels = 1 } = {}) {
    super()
    this.stem = layer(inChannels, 8)
    this.body = new Residual(layer(8, 8))
    this.head = new Linear(8, numClasses)
  }
  forward(x) {
    return this.head(mean(this.body(this.stem(x)), [2, 3]))
  }
}
export const inputShape = [1, 1, 8, 8]
`
