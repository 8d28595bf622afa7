// Runs user code: each run has a frame and a worker of its own, and a time limit.
import type { NetworkOutline } from 'resnet-ts/inspect'
import { askLab } from './open-lab.js'
import type { PastedRequest } from './pasted-worker.js'
import { readAnswer } from './pasted-answer.js'
import { sandboxFrame } from './sandbox.js'

export const LIMIT_SECONDS = 10

/** The code exceeded the time limit. */
export class TooSlowError extends Error {}

/** The worker itself crashed, for example out of memory. */
export class BrokenError extends Error {}

/** Describes the network that a module exports. @throws TooSlowError, BrokenError, or what is wrong with the code. */
export async function describePasted(code: string, isPlain: boolean): Promise<NetworkOutline> {
  const script = await workerScript()
  const frame = sandboxFrame()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlowError()), 1000 * LIMIT_SECONDS)
  })
  try {
    const said = await Promise.race([answerFrom(frame, script, { code, isPlain }), late])
    const { kind, text } = readAnswer(said)
    if (kind === 'broken') throw new BrokenError(text)
    if (kind === 'fault') throw new Error(text)
    return await askLab(lab => lab.architecture.read(text))
  } finally {
    clearTimeout(timer)
    frame.remove()
  }
}

/** The text of the worker, which a frame without an origin cannot fetch itself. */
async function workerScript(): Promise<string> {
  const response = await fetch(new URL('pasted-worker.js', document.baseURI))
  if (!response.ok) throw new BrokenError(`pasted-worker.js gives ${response.status}`)
  return response.text()
}

/** Puts a frame into the page and asks it; the first message is the answer, whatever it is. */
async function answerFrom(
  frame: HTMLIFrameElement,
  script: string,
  request: PastedRequest
): Promise<unknown> {
  const loaded = new Promise(resolve => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await loaded
  const { port1, port2 } = new MessageChannel()
  const answered = new Promise<unknown>(resolve => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data)
  })
  // A frame without an origin has no address that could be named here.
  frame.contentWindow?.postMessage({ script, request }, '*', [port2])
  try {
    return await answered
  } finally {
    port1.close()
  }
}
