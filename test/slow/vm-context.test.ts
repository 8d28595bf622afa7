// Test runners whose modules live in contexts of `node:vm` are not slowed down.
import { expect, it } from 'vitest'
import type * as library from 'resnet-ts'
import * as here from 'resnet-ts'
import { globalsOfNode, libraryScript, runInContext } from '../support/vm-context.js'

// The script is compiled anew in the context; the rest is the same work.
const MOST = 3

function cpuMsOf({ manualSeed, resnet18 }: typeof library): number {
  const start = process.cpuUsage()
  manualSeed(0)
  let sum = 0
  for (const { data } of resnet18().stateDict().values()) sum += Number(data[0])
  const { user, system } = process.cpuUsage(start)
  expect(sum).not.toBe(0)
  return (user + system) / 1000
}

it(`draws resnet18's weights in at most ${MOST} times the time`, async () => {
  const inside = runInContext(await libraryScript(), globalsOfNode())
  const [outside, within] = [cpuMsOf(here), cpuMsOf(inside as typeof library)]
  expect(within / outside, `${outside} ms outside, ${within} ms inside`).toBeLessThan(MOST)
})
