// Communicates with bench/peer.py: one request and one response per line.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** The Python process, kept alive between requests so that only the work is timed. */
export interface PythonPeer {
  ask(request: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>
  times(request: Readonly<Record<string, unknown>>): Promise<number[]>
  close(): void
}

/** Starts the peer. @throws if Python, torch or torchvision is missing. */
export async function startPythonPeer(python: string, threads: number): Promise<PythonPeer> {
  const script = new URL('peer.py', import.meta.url).pathname
  const child = spawn(python, [script, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<Record<string, unknown>> => {
    const line: IteratorResult<string, unknown> = await lines.next()
    if (line.done === true) throw new Error(`${python} exited; are torch and torchvision installed?`)
    return JSON.parse(line.value) as Record<string, unknown>
  }
  const hello = await answer()
  console.log(`torch ${String(hello.torch)}, ${String(hello.threads)} threads`)
  const ask = (request: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    return answer()
  }
  return {
    ask,
    times: async request => ((await ask(request)).ms as number[]).map(Number),
    close: () => child.stdin.end()
  }
}
