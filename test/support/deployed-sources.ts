// The apps that the tests of docs/deploy.md build: what they do is small, and the same wherever it runs.

/** Runs a network, and reads a batch in a loader's thread. */
export const USE = `
  import { compile, createLoader, digits, rand, resnet18, toTensor } from 'resnet-ts'
  const run = await compile(resnet18(), { input: ['N', 3, 64, 64] })
  console.log(String(await run(rand([1, 3, 64, 64]))))
  const loader = createLoader(await digits(), { batchSize: 4, transforms: [toTensor()], workers: 1 })
  for await (const { images } of loader) {
    console.log(String(images))
    break
  }
`
/** What it prints. */
export const USED = 'float32[1, 1000]\nfloat32[4, 1, 8, 8]\n'

/** In a page: reads a batch in a loader's thread whose script is an entry of its own, and the digits that lie beside it. */
export const READS = `
  import { createLoader, digits, toTensor } from 'resnet-ts'
  import { packedDataset } from 'resnet-ts/data'
  const pixels = { data: new Uint8Array(2), width: 1, height: 1, channels: 1 }
  const dataset = packedDataset({ ...pixels, classes: ['a'], labels: [0, 0] })
  const worker = new URL('./loader-worker.js', import.meta.url)
  for await (const { images } of createLoader(dataset, { batchSize: 2, transforms: [toTensor()], worker }))
    document.body.append(String(images))
  const { length } = await digits({ file: new URL('./digits.idx.gz', import.meta.url) })
  document.body.append(' and ' + length + ' digits')
`

const ROUTE = `import { classifier, resnet18 } from 'resnet-ts'

let opened
export async function POST(request) {
  opened ??= classifier(resnet18())
  const classify = await opened
  return Response.json(await classify(new Uint8Array(await request.arrayBuffer()), { topK: 5 }))
}
`

const NEXT_PAGE = `'use client'
import { useEffect, useState } from 'react'
import { compile, createEngine, createLoader, createTrainer, digits, rand, resnet18, sgd, toTensor } from 'resnet-ts'

async function work(say) {
  const net = resnet18({ numClasses: 4 })
  const engine = createEngine({ threads: 2, device: 'cpu', onFallback: say })
  const run = await compile(net, { input: ['N', 3, 32, 32], engine })
  say(String(await run(rand([2, 3, 32, 32]))))
  const trainer = await createTrainer(net, { engine, optimizer: sgd({ lr: 0.01 }) })
  const { loss } = await trainer.step({ images: rand([2, 3, 32, 32]), labels: [0, 1] })
  say('trains ' + (loss > 0))
  const loader = createLoader(await digits(), { batchSize: 4, transforms: [toTensor()], workers: 1 })
  for await (const { images } of loader) {
    say(String(images))
    break
  }
}

export default function Page() {
  const [lines, setLines] = useState([])
  useEffect(() => {
    const say = line => setLines(before => [...before, line])
    work(say).catch(error => say(String(error))).finally(() => say('done'))
  }, [])
  return <pre id="out">{lines.join('\\n')}</pre>
}
`

/** An app of Next.js beside `next.config.mjs`. */
export const NEXT_APP = {
  'app/page.js': NEXT_PAGE,
  'app/api/predict/route.js': ROUTE,
  'app/layout.js':
    'export default function Layout({ children }) { return <html><body>{children}</body></html> }'
}
/** What its page says; one with a single thread would say so. */
export const NEXT_SAID = ['float32[2, 4]', 'trains true', 'float32[4, 1, 8, 8]', 'done']

const SVELTE_PAGE = `<script>
  import { onMount } from 'svelte'
  import { compile, createLoader, digits, rand, resnet18, toTensor } from 'resnet-ts'
  let said = $state('')
  async function work() {
    const run = await compile(resnet18({ numClasses: 4 }), { input: ['N', 3, 32, 32] })
    said += String(await run(rand([2, 3, 32, 32]))) + '\\n'
    const loader = createLoader(await digits(), { batchSize: 4, transforms: [toTensor()], workers: 1 })
    for await (const { images } of loader) {
      said += String(images) + '\\n'
      break
    }
  }
  onMount(() => work().catch(error => (said += String(error) + '\\n')).finally(() => (said += 'done')))
</script>
<pre id="out">{said}</pre>
`

/** An app of SvelteKit, without `svelte.config.js`. */
export const SVELTE_APP = {
  'package.json':
    '{ "name": "kit", "private": true, "type": "module", "dependencies": { "resnet-ts": "*" } }',
  'vite.config.js':
    "import { sveltekit } from '@sveltejs/kit/vite'\nexport default { plugins: [sveltekit()] }",
  'src/app.html': '<html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>',
  'src/routes/+page.svelte': SVELTE_PAGE,
  'src/routes/api/+server.js': ROUTE.replace('POST(request)', 'POST({ request })')
}
/** What its page says. */
export const SVELTE_SAID = ['float32[2, 4]', 'float32[4, 1, 8, 8]', 'done']

/** A test for Vitest or Jest. */
export const RUNS_IN_TEST = `
  import { compile, rand, resnet18 } from 'resnet-ts'
  test('runs', async () => {
    const run = await compile(resnet18(), { input: ['N', 3, 32, 32] })
    expect(String(await run(rand([1, 3, 32, 32])))).toBe('float32[1, 1000]')
  }, 60_000)
`
