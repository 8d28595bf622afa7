import { expect, it } from 'vitest'
import { Parameter } from '../nn/module/parameter.js'
import { namedMembers } from '../nn/module/module.js'
import { StateDictError } from '../nn/module/state-dict.js'
import { loadInto } from './load-into.js'
import { findModel } from './registry.js'

it('weights without a classifier draw no other layer than that, whether they fit or not', () => {
  const build = () => {
    const net = findModel('resnet18').build()
    const drawn: string[] = []
    for (const [name, parameter] of namedMembers(net, Parameter)) {
      const values = new Float32Array(parameter.shape.reduce((size, side) => size * side, 1))
      parameter.initialise(() => {
        drawn.push(name)
        return values
      })
    }
    return { net, drawn }
  }
  const backbone = [...findModel('resnet18').build().stateDict()].filter(([key]) => !key.startsWith('fc.'))
  const { net, drawn } = build()
  loadInto(net, new Map(backbone), {})
  expect(drawn).toEqual(['fc.weight', 'fc.bias'])
  const other = build()
  expect(() => loadInto(other.net, new Map(backbone.slice(1)), {})).toThrow(StateDictError)
  expect(other.drawn).toEqual(['fc.weight', 'fc.bias'])
})
