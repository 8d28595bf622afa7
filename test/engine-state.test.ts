// What Node's engine keeps from run to run.
import { engineStateContract } from './contract/engine-state-contract.js'

engineStateContract({ device: 'cpu', work: [8, 224], others: [] })
