// The engine contract for the browser's engines.
import { describe, expect, it } from 'vitest'
import { engineContract } from '../contract/engine-contract.js'
import { engineStateContract } from '../contract/engine-state-contract.js'

it('runs in a page that may have threads', () => {
  expect(crossOriginIsolated).toBe(true)
})

describe('on WebAssembly', () => {
  const contract = { device: 'cpu', work: [1, 224], others: ['cuda', 'webgpu'] } as const
  engineContract(contract)
  engineStateContract(contract)
})

describe('on WebGPU', () => {
  const contract = { device: 'webgpu', work: [1, 64], others: [] } as const
  engineContract(contract)
  engineStateContract(contract)
})
