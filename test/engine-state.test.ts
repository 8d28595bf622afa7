// The state contract for Node's engine.
import { engineStateContract } from './contract/engine-state-contract.js'

engineStateContract({ device: 'cpu', work: [8, 224], others: [] })
