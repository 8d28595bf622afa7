// The bare session in a worker, so that the page stays free while it runs: what people write with Comlink.
import { expose } from 'comlink'
import { openBare, type BareSession } from './bare-session.js'

let session: BareSession | undefined

const remote = {
  async open(model: string, threads: number): Promise<void> {
    session = await openBare(model, threads)
  },
  async run(data: Float32Array, shape: readonly number[]): Promise<Float32Array> {
    if (!session) throw new Error('open it first')
    return session.run(data, shape)
  }
}
/** What the page sees. */
export type BareWorker = typeof remote

expose(remote)
