// The bare session in a worker behind Comlink, so that it does not block the page.
import { expose } from 'comlink'
import { openBare, type BareSession } from './bare-session.js'

let session: BareSession | undefined

const remote = {
  async open(model: string, threads: number): Promise<void> {
    session = await openBare(model, threads)
  },
  async run(data: Float32Array, shape: readonly number[]): Promise<Float32Array> {
    if (!session) throw new Error('call open first')
    return session.run(data, shape)
  }
}
/** The worker's interface for the page. */
export type BareWorker = typeof remote

expose(remote)
