// The command line with repositories of the Hugging Face Hub, against a server that speaks its protocol: whatever takes weights takes
// them from there, and what goes wrong is one sentence that leaves the cache whole.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cifar_resnet8, classifier, compile, manualSeed, rand, RandomGenerator, readWeights } from 'resnet-ts'
import { readCheckpoint } from 'resnet-ts/train'
import { encodeWeights } from 'resnet-ts/weights'
import { sha256, startHub, type Fault, type HubServer } from '../support/hub-server.js'
import { resnet, resnetOutput, type Outcome } from '../support/run-cli.js'

const CLASSES = ['ant', 'bee', 'cat']
const EACH = 3
manualSeed(3)
const net = cifar_resnet8({ numClasses: CLASSES.length })
const WEIGHTS = encodeWeights(net.stateDict(), { metadata: { format: 'pt' } })
const CONFIG = {
  architecture: 'cifar_resnet8',
  num_classes: CLASSES.length,
  label_names: CLASSES,
  pretrained_cfg: {
    input_size: [3, 32, 32],
    crop_pct: 0.8,
    interpolation: 'bicubic',
    mean: [0.4, 0.4, 0.4],
    std: [0.2, 0.25, 0.3],
    license: 'cc-by-nc-4.0'
  }
}
/** What that configuration says, in this package's own words. */
const PREPARED = {
  resizeSize: 40,
  cropSize: 32,
  interpolation: 'bicubic',
  mean: [0.4, 0.4, 0.4],
  std: [0.2, 0.25, 0.3]
} as const
const FILES = { 'config.json': JSON.stringify(CONFIG), 'model.safetensors': WEIGHTS }
const HUB = 'hf:owner/net'

let folder: string
let hub: HubServer
const at = (...names: string[]): string => join(folder, ...names)
const pictures: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-cli-hub-'))
  const random = new RandomGenerator(3)
  for (const name of CLASSES) {
    await mkdir(at('photos', name), { recursive: true })
    for (let i = 0; i < EACH; i++) {
      const [r, g, b] = random.uniform(3).map(share => Math.round(255 * share))
      const create = { width: 50, height: 40, channels: 3, background: { r, g, b } } as const
      const picture = at('photos', name, `${i}.png`)
      await sharp({ create }).png().toFile(picture)
      pictures.push(picture)
    }
  }
})
afterAll(() => rm(folder, { recursive: true }))

let caches = 0
const freshCache = (): string => {
  const cache = at(`cache-${caches++}`)
  vi.stubEnv('HF_HUB_CACHE', cache)
  return cache
}
beforeEach(async () => {
  for (const name of Object.keys(process.env)) {
    if (/^(HF|HUGGING|TRANSFORMERS)_/.test(name)) vi.stubEnv(name, undefined)
  }
  hub = await startHub(FILES)
  vi.stubEnv('HF_ENDPOINT', hub.endpoint)
  vi.stubEnv('HF_HOME', at('home'))
  freshCache()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub[Symbol.asyncDispose]()
})

interface Predicted {
  readonly top: readonly { readonly label: string; readonly score: number }[]
}

const NOTES = [
  `resnet: ${HUB}: model.safetensors of commit c0ffee000000\n`,
  `resnet: ${HUB}: its licence is cc-by-nc-4.0\n`
].join('')

describe('a repository', () => {
  it('predicts with its own classes and preparation, as weights and as a model, and without the network', async () => {
    const [picture] = pictures
    await using classify = await classifier('cifar_resnet8', {
      weights: net.stateDict(),
      transforms: PREPARED
    })
    const expected = await classify(picture, { topK: 3 })
    const asked = await resnet('predict', picture, '--weights', HUB, '--json')
    expect([asked.code, asked.stderr]).toEqual([0, NOTES])
    const [{ top }] = JSON.parse(asked.stdout) as Predicted[]
    expect(top.map(({ label }) => label)).toEqual(expected.map(({ index }) => CLASSES[index]))
    for (const [i, { score }] of top.entries()) expect(score).toBeCloseTo(expected[i].score, 5)

    hub.requests.length = 0
    const named = await resnet('predict', picture, '--model', HUB, '--json')
    expect([named.code, named.stdout]).toEqual([0, asked.stdout])
    expect(hub.requests.map(({ url }) => url)).toEqual(['/api/models/owner/net/revision/main'])

    vi.stubEnv('HF_HUB_OFFLINE', '1')
    hub.requests.length = 0
    const plain = await resnet('predict', picture, '--weights', HUB)
    expect(plain.code).toBe(0)
    expect(plain.stdout).toContain(top[0].label)
    expect(hub.requests).toEqual([])
    freshCache()
    const { code, stderr } = await resnet('predict', picture, '--weights', HUB)
    expect([code, stderr]).toEqual([
      2,
      `resnet: ${HUB}: no network may be used, and it has not been downloaded: leave out HF_HUB_OFFLINE ` +
        '(TRANSFORMERS_OFFLINE, or hub.offline in code) once\n'
    ])
  })

  it('says what is in it', async () => {
    const { code, stdout } = await resnet('weights', HUB)
    expect(code).toBe(0)
    expect(stdout).toContain(`safetensors from hf:owner/net@${hub.commit}`)
    expect(stdout).toMatch(/fits +cifar_resnet8\n +classifier +3 outputs\n/)
    expect(JSON.parse(await resnetOutput('weights', HUB, '--json'))).toMatchObject({
      container: `safetensors from hf:owner/net@${hub.commit}`,
      dialect: 'torchvision',
      models: ['cifar_resnet8'],
      metadata: { architecture: 'cifar_resnet8', licence: 'cc-by-nc-4.0', commit: hub.commit, format: 'pt' }
    })
  })

  it('is evaluated, exported, and trained on', async () => {
    await using classify = await classifier('cifar_resnet8', {
      weights: net.stateDict(),
      transforms: PREPARED
    })
    let right = 0
    for (const [i, picture] of pictures.entries()) {
      const [best] = await classify(picture, { topK: 1 })
      if (best.index === Math.floor(i / EACH)) right++
    }
    const measured = JSON.parse(await resnetOutput('eval', at('photos'), '--weights', HUB, '--json')) as {
      images: number
      top1: number
    }
    expect(measured.images).toBe(pictures.length)
    expect(measured.top1).toBeCloseTo(right / pictures.length, 6)

    const said = await resnetOutput('export', '--weights', HUB, '--out', at('net.onnx'))
    expect(said).toContain('cifar_resnet8 (hf:owner/net), input [3, 32, 32], names of 3 classes')
    const x = rand([1, 3, 32, 32])
    await using run = await compile(net, { input: [1, 3, 32, 32] })
    const expected = await run(x)
    const session = await InferenceSession.create(at('net.onnx'))
    const { logits } = await session.run({ x: new OrtTensor('float32', x.data, x.shape) })
    for (const [i, value] of (logits.data as Float32Array).entries())
      expect(value).toBeCloseTo(expected.data[i], 4)

    const frozen = ['--freeze', 'conv1,bn1,layer1,layer2,layer3', '--epochs', '1', '--hold-back', '0.34']
    await resnetOutput('train', at('photos'), '--weights', HUB, ...frozen, '--out', at('run'))
    const { network, tensors } = await readCheckpoint(at('run', 'last.safetensors'))
    expect(network).toMatchObject({ model: 'cifar_resnet8', classes: CLASSES })
    expect(tensors.get('layer2.0.conv1.weight')?.data).toEqual(
      net.stateDict().get('layer2.0.conv1.weight')?.data
    )
  })

  it('that is gated is read with HF_TOKEN, and says so without', async () => {
    hub.token = 'hf_secret'
    const refused = await resnet('weights', HUB)
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toMatch(
      /^resnet: hf:owner\/net: [\d.:]+ has no such repository, or it is private \(status 401\): check the name, or give a token that may read it \(HF_TOKEN, or hub\.token in code\)\n$/
    )
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    expect((await resnet('weights', HUB)).code).toBe(0)
    const large = hub.requests.filter(({ host }) => host === 'cdn')
    expect(large.map(({ authorization }) => authorization)).toEqual([undefined])
  })
})

const answering =
  (code: number, headers: Readonly<Record<string, string>>): Fault =>
  (_, response) =>
    Boolean(response.writeHead(code, headers).end())
const onCdn =
  (fault: Fault): Fault =>
  (request, response) =>
    request.host === 'cdn' && fault(request, response)

/** In what is kept, whatever is no whole file of the repository. */
async function leftovers(cache: string): Promise<string[]> {
  const names = await readdir(cache, { recursive: true }).catch(() => [])
  return names.filter(name => /incomplete|\.lock|model\.safetensors|blobs[\\/][\da-f]{64}/.test(name))
}

describe('what goes wrong is one sentence, and the next try works:', () => {
  it.each<[string, () => void, RegExp]>([
    [
      '403',
      () => (hub.fault = answering(403, { 'x-error-code': 'GatedRepo' })),
      /the repository is gated \(status 403\): ask for access on its page/
    ],
    ['404', () => (hub.fault = answering(404, { 'x-error-code': 'RepoNotFound' })), /has no such repository/],
    [
      '429',
      () => (hub.fault = answering(429, { 'retry-after': '280' })),
      /has had too many requests from here \(status 429\): try again in 280 s; more are allowed with a token/
    ],
    [
      'half a file',
      () => (hub.fault = onCdn((_, response) => Boolean(response.end(WEIGHTS.subarray(0, 100_000))))),
      new RegExp(`model\\.safetensors cannot be downloaded: 100000 of ${WEIGHTS.byteLength} bytes arrived`)
    ],
    [
      "another file's content",
      () => (hub.fault = onCdn((_, response) => Boolean(response.end(Buffer.alloc(WEIGHTS.byteLength))))),
      new RegExp(
        `has the hash \\w+, but the hub says ${sha256(WEIGHTS)}: it is another file or was changed on its way; try again`
      )
    ]
  ])('%s', async (_, break_, sentence) => {
    const cache = freshCache()
    const asking = (): Promise<Outcome> => resnet('predict', pictures[0], '--weights', HUB)
    break_()
    const { code, stdout, stderr } = await asking()
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(sentence)
    expect(stderr).toMatch(/^resnet: hf:owner\/net: [^\n]+\n$/)
    expect(await leftovers(cache)).toEqual([])
    hub.fault = () => false
    expect((await asking()).code).toBe(0)
  })

  it('waiting as long as the hub says, where that is short', async () => {
    let left = 1
    hub.fault = (request, response) => left-- > 0 && answering(429, { 'retry-after': '1' })(request, response)
    const start = Date.now()
    expect((await resnet('weights', HUB)).code).toBe(0)
    expect(Date.now() - start).toBeGreaterThan(1000)
  })

  it('a configuration of another architecture, beside a named model, and with a part missing', async () => {
    hub.files.set('config.json', Buffer.from(JSON.stringify({ ...CONFIG, architecture: 'resnet18' })))
    const wrong = await resnet('predict', pictures[0], '--weights', HUB)
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toMatch(/these are cifar_resnet8's weights: --model cifar_resnet8\n$/)
    const named = await resnet('predict', pictures[0], '--weights', HUB, '--model', 'cifar_resnet8')
    expect(named.code).toBe(0)
    expect(named.stderr).toContain(
      "says of itself that it is resnet18's, not cifar_resnet8's: only its weights are used"
    )
    expect(named.stdout).not.toMatch(/ant|bee|cat/)

    freshCache()
    hub.files.delete('model.safetensors')
    hub.files.set('config.json', Buffer.from(JSON.stringify(CONFIG)))
    const index = {
      weight_map: Object.fromEntries(Array.from(net.stateDict().keys(), key => [key, 'a.bin']))
    }
    hub.files.set('pytorch_model.bin.index.json', Buffer.from(JSON.stringify(index)))
    const torn = await resnet('predict', pictures[0], '--weights', HUB)
    expect(torn.code).toBe(2)
    expect(torn.stderr).toContain(
      'pytorch_model.bin.index.json: names the part a.bin, which is not there: download the repository whole'
    )
    // The whole of it by its index alone, from a folder.
    await mkdir(at('snapshot'))
    await writeFile(at('snapshot', 'config.json'), JSON.stringify(CONFIG))
    await writeFile(at('snapshot', 'pytorch_model.bin.index.json'), JSON.stringify(index))
    await writeFile(at('snapshot', 'a.bin'), encodeWeights(net.stateDict(), { format: 'pth' }))
    const parts = ['--weights', at('snapshot', 'pytorch_model.bin.index.json')]
    expect(await resnetOutput('predict', pictures[0], ...parts)).toMatch(/ant|bee|cat/)
    await resnetOutput('convert', parts[1], at('whole.safetensors'))
    expect((await readWeights(at('whole.safetensors'))).size).toBe(net.stateDict().size)
  })
})
