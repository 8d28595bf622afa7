// The initial code in the dialog for the user's own network.

export const EXAMPLE = `import { BatchNorm2d, Conv2d, Gated, Linear, Module, relu, Residual, ReLU, Sequential, Sigmoid } from 'resnet-ts'
import { mean } from 'resnet-ts/functional'

class Tiny extends Module {
  stem = new Conv2d(3, 16, 3, { padding: 1 })
  // F(x) + x
  block = new Residual(new Sequential(
    new Conv2d(16, 32, 3, { stride: 2, padding: 1 }), new BatchNorm2d(32), new ReLU()))
  // F(x) * x
  gate = new Gated(new Sequential(new Conv2d(32, 32, 1), new Sigmoid()))
  fc = new Linear(32, 10)

  forward(x) {
    const features = this.gate(this.block(relu(this.stem(x))))
    return this.fc(mean(features, [2, 3]))
  }
}

export default Tiny
export const inputShape = [1, 3, 32, 32]
`
