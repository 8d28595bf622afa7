// What a checkpoint holds once it is read: names to tensors, in the file's order.
import type { Tensor } from './tensor.js'

/** Parameters and buffers by their dotted name (`layer1.0.conv1.weight`), in registration order (torch: `state_dict()`). */
export type StateDict = Map<string, Tensor>
