// The explorer's part "Run": drawing, photographs, the camera, the user's weights, and errors. Skipped without Chromium.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import {
  cifar_resnet8,
  classifier,
  manualSeed,
  readImage,
  resnet18,
  writeWeights,
  zeros,
  type Classifier
} from 'resnet-ts'
import { writeImage } from 'resnet-ts/images'
import { DIGITS_CHECKPOINT, readCheckpoint, writeCheckpoint } from 'resnet-ts/train'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LITTLE_MEMORY, WEBGPU } from '../../support/chromium.js'
import { DRAWN_DIGITS } from '../../support/drawn-digits.js'
import {
  axeViolations,
  hasBrowser,
  keptOffline,
  serveExplorer,
  servePlainly,
  startExplorer,
  type Explorer
} from '../../support/explorer-page.js'
import { longestTask } from '../../support/main-thread.js'

const CAT = new URL('../../../assets/cat.jpg', import.meta.url)
/** The largest difference between the logits of two runtimes, relative to the largest logit. */
const SAME = 1e-4
/** Includes the time to load a network. */
const PATIENT = { timeout: 30_000 }
const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

describe.skipIf(!hasBrowser)('running networks in the page', () => {
  let explorer: Explorer
  let folder: string
  let reference: Classifier
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-run-'))
    explorer = await startExplorer({ args: CAMERA })
    manualSeed(0)
    reference = await classifier(resnet18())
  })
  afterAll(async () => {
    await explorer.close()
    await reference.dispose()
    await rm(folder, { recursive: true })
  })

  describe('drawn digits', () => {
    it('are classified while they are drawn', async () => {
      const { page, faults } = await explorer.open('#/run')
      await page.getByText('Trained on').waitFor()
      const read: string[] = []
      for (const strokes of DRAWN_DIGITS) {
        await draw(page, strokes)
        // Predictions follow every stroke; this waits for the last one's.
        await page.waitForTimeout(600)
        read.push(await bestLabel(page))
        await page.getByRole('button', { name: 'Clear' }).click()
      }
      const right = read.filter((label, digit) => label === String(digit)).length
      expect(right, read.join(' ')).toBeGreaterThanOrEqual(9)
      expect(faults).toEqual([])
      await page.close()
    })

    it('can be selected instead of drawn, with the keyboard alone, and have a URL', async () => {
      const { page, faults } = await explorer.open('#/run')
      await page.getByRole('button', { name: 'Take a 7' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('list', { name: 'The most probable classes' }).waitFor()
      expect(await bestLabel(page)).toBe('7')
      await expect.poll(() => page.url(), PATIENT).toMatch(/picture=digit-\d+/)
      await expect
        .poll(() => page.locator('.visually-hidden[role=status]').textContent(), PATIENT)
        .toMatch(/^Prediction: 7, \d/)
      const first = page.getByTitle('Show the evidence for this class').nth(1)
      await first.focus()
      await page.keyboard.press('Space')
      await expect.poll(() => page.url(), PATIENT).toMatch(/class=\d/)
      const again = await explorer.open(new URL(page.url()).hash)
      await again.page.getByRole('list', { name: 'The most probable classes' }).waitFor()
      expect(await bestLabel(again.page)).toBe('7')
      expect(faults).toEqual([])
      expect(again.faults).toEqual([])
      await again.page.close()
      await page.close()
    })
  })

  describe('numbers', () => {
    it('equal those in Node for a PNG, with a file of weights', async () => {
      const [weights, picture] = [join(folder, 'own.pth'), join(folder, 'cat.png')]
      manualSeed(7)
      const net = resnet18({ numClasses: 10 })
      await writeWeights(weights, net.stateDict())
      await writeImage(picture, await readImage(CAT))
      await using inNode = await classifier(resnet18, { weights })
      const { page, faults } = await explorer.open('#/run?model=resnet18')
      await page.locator('input[data-picks=weights]').setInputFiles(weights)
      await page.getByText('Weights from own.pth').waitFor()
      await page.locator('input[data-picks=picture]').setInputFiles(picture)
      const found = await savedLogits(page)
      expect(found).toHaveLength(10)
      expect(difference(found, (await inNode.logits(picture)).data)).toBeLessThan(SAME)
      expect(faults).toEqual([])
      await page.close()
    })

    it('equal those in Node for a JPEG, drawn from seed 0, with heat and maps of any layer', async () => {
      const { page, faults } = await explorer.open('#/run?model=resnet18&picture=cat')
      const found = await savedLogits(page)
      expect(found).toHaveLength(1000)
      const relative = difference(found, (await reference.logits(await readImage(CAT))).data)
      console.log(`cat.jpg, resnet18 of seed 0: ${relative} relative`)
      expect(relative).toBeLessThan(SAME)
      expect(await page.getByText('Not trained').count()).toBe(1)
      const leftOf = (part: string): Promise<number | undefined> =>
        page
          .locator(`.answers li:last-child ${part}`)
          .boundingBox()
          .then(box => box?.x)
      expect(await leftOf('.bar')).toBe(await leftOf('.label'))

      const heat = page.getByRole('img', { name: /where the network looks for Greater Swiss/ })
      await heat.waitFor()
      await page
        .getByRole('region', { name: 'Where it looks' })
        .getByRole('combobox', { name: 'Class' })
        .selectOption('281')
      await page.getByRole('img', { name: /where the network looks for tabby/ }).waitFor()
      await page.getByRole('combobox', { name: 'Method' }).selectOption('eigencam')
      await page.getByText('whatever the class').waitFor()
      await page
        .getByRole('region', { name: 'Feature maps of a layer' })
        .getByRole('combobox', { name: 'Layer' })
        .selectOption('layer3.1')
      await page.getByRole('img', { name: /^layer3\.1: 256 channels of 14 × 14/ }).waitFor()
      expect(new URL(page.url()).hash).toBe(
        '#/run?model=resnet18&picture=cat&maps=layer3.1&method=eigencam&class=281'
      )
      expect(faults).toEqual([])
      await page.close()
    })
  })

  describe('weights', () => {
    it('of a training run identify their model', async () => {
      const { page, faults } = await explorer.open('#/run?model=resnet50')
      const file = join(folder, 'best.safetensors')
      await writeFile(file, await readFile(DIGITS_CHECKPOINT))
      await drop(page, file)
      await page.getByText('Weights from best.safetensors').waitFor()
      await expect.poll(() => page.url(), PATIENT).toContain('model=cifar_resnet20')
      expect(faults).toEqual([])
      await page.close()
    })

    it('whose pictures may have several labels give each a probability of its own', async () => {
      const file = join(folder, 'several.safetensors')
      const { network, tensors } = await readCheckpoint(DIGITS_CHECKPOINT)
      await writeCheckpoint(file, { network: { ...network, multiLabel: true }, tensors, progress: undefined })
      const { page, faults } = await explorer.open('#/run')
      await page.locator('input[data-picks=weights]').setInputFiles(file)
      await page.getByText('Weights from several.safetensors').waitFor()
      await page.getByRole('button', { name: 'Take a 7' }).click()
      const logits = await savedLogits(page)
      const bars = page.locator('.answers .bar')
      const shown = await bars.evaluateAll(all =>
        all.map(bar => parseFloat((bar as HTMLElement).style.inlineSize))
      )
      const expected = logits.map(x => 100 / (1 + Math.exp(-x))).sort((a, b) => b - a)
      expect(shown).toHaveLength(5)
      for (const [i, percent] of shown.entries()) expect(percent).toBeCloseTo(expected[i], 2)
      expect(faults).toEqual([])
      await page.close()
    })

    it('of another model are recognised, and can be opened with that model', async () => {
      const file = join(folder, 'small.safetensors')
      await writeWeights(file, cifar_resnet8().stateDict())
      const { page, faults } = await explorer.open('#/run?model=cifar_resnet14')
      await page.locator('input[data-picks=weights]').setInputFiles(file)
      const alert = page.getByRole('alert')
      await alert.waitFor()
      expect(await alert.textContent()).toContain(
        'These weights do not fit cifar_resnet14: they fit cifar_resnet8.'
      )
      expect(await alert.locator('pre').textContent()).toContain('layer1.1.conv1.weight: missing')
      await page.getByRole('button', { name: 'Open as cifar_resnet8' }).click()
      await page.getByText('Weights from small.safetensors').waitFor()
      await expect.poll(() => page.url(), PATIENT).toContain('model=cifar_resnet8')
      expect(await alert.count()).toBe(0)
      const strange = join(folder, 'strange.safetensors')
      await writeWeights(strange, new Map([['weight', zeros([2, 2])]]))
      await page.locator('input[data-picks=weights]').setInputFiles(strange)
      await page.getByText('These weights fit none of the models here').waitFor()
      // Dropped where no model was chosen, they need no question.
      await networkSelect(page).selectOption('digits')
      await drop(page, file)
      await page.getByText('Weights from small.safetensors').waitFor()
      await expect.poll(() => page.url(), PATIENT).toContain('model=cifar_resnet8')
      expect(faults).toEqual([])
      await page.close()
    })

    it('and images that are broken are reported, and the page stays usable', async () => {
      const [weights, picture] = [join(folder, 'broken.pth'), join(folder, 'broken.png')]
      await writeFile(weights, new Uint8Array(1000).fill(7))
      await writeFile(picture, (await readFile(CAT)).subarray(0, 900))
      const { page, faults } = await explorer.open('#/run')
      await page.getByText('Trained on').waitFor()
      await drop(page, picture, 'image/png')
      await page.getByText('This picture cannot be read.').waitFor()
      await page.locator('input[data-picks=weights]').setInputFiles(weights)
      await page.getByText('No weights can be read from this file.').waitFor()
      // The network that was open is still there, and moves to another device alone.
      await page.getByText('Trained on').waitFor()
      await page.getByRole('combobox', { name: 'Runs on' }).selectOption('cpu')
      await expect.poll(() => page.getByText('holds no weights').count(), PATIENT).toBe(0)
      await page.getByText('Trained on').waitFor()
      // A URL as it would be shared.
      await page.goto(`${explorer.address}#/run?model=cifar_resnet8`)
      await page.getByText('Not trained').waitFor()
      await networkSelect(page).selectOption('digits')
      await page.getByText('Trained on').waitFor()
      await page.getByRole('button', { name: 'Draw', exact: true }).click()
      await page.getByRole('button', { name: 'Take a 3' }).click()
      await expect.poll(() => bestLabel(page), PATIENT).toBe('3')
      expect(await page.getByRole('alert').count()).toBe(0)
      expect(faults).toEqual([])
      await page.close()
    })
  })

  describe('the camera', () => {
    it('takes an image and is stopped', async () => {
      const { page, faults } = await explorer.open('#/run')
      await page.getByRole('button', { name: 'Camera' }).click()
      await page.getByRole('button', { name: 'Start the camera' }).click()
      await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
      await page.getByRole('button', { name: 'Take the picture' }).click()
      await page.getByRole('list', { name: 'The most probable classes' }).waitFor()
      await page.getByRole('img', { name: 'The picture as the network sees it' }).waitFor()
      expect(await page.locator('video').count()).toBe(0)
      expect(faults).toEqual([])
      await page.close()
    })

    it('is turned off at once if it was hidden while the browser asked', async () => {
      const { page, faults } = await explorer.open('#/run')
      const states = page.evaluate(async () => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
        const granted = await new Promise<MediaStream>(resolve => {
          navigator.mediaDevices.getUserMedia = async wanted => {
            await new Promise(later => setTimeout(later, 1000))
            const stream = await ask(wanted)
            resolve(stream)
            return stream
          }
        })
        await new Promise(later => setTimeout(later, 500))
        return granted.getTracks().map(({ readyState }) => readyState)
      })
      await page.getByRole('button', { name: 'Camera' }).click()
      await page.getByRole('button', { name: 'Start the camera' }).click()
      await page.getByRole('button', { name: 'Draw' }).click()
      expect(await states).toEqual(['ended'])
      expect(faults).toEqual([])
      await page.close()
    })

    it('reports that access was denied', async () => {
      const { page } = await explorer.open('#/run')
      await page.evaluate(() => {
        navigator.mediaDevices.getUserMedia = async () => {
          throw new DOMException('Permission denied', 'NotAllowedError')
        }
      })
      await page.getByRole('button', { name: 'Camera' }).click()
      await page.getByRole('button', { name: 'Start the camera' }).click()
      await page.getByText('Access to the camera was denied.').waitFor()
      await page.close()
    })
  })

  it('can be cancelled while loading or running', async () => {
    const { page, faults } = await explorer.open('#/run?model=resnet101&picture=cat')
    const cancel = page.getByRole('button', { name: 'Cancel' })
    await cancel.click()
    await page.getByText('Cancelled.').waitFor()
    await networkSelect(page).selectOption('resnet50')
    const heat = page.getByRole('region', { name: 'Where it looks' }).getByRole('combobox', { name: 'Layer' })
    await heat.selectOption('layer2.0')
    // The button appears only after a delay, which may be too late here.
    await cancel.dispatchEvent('click')
    await page.waitForTimeout(300)
    await heat.selectOption('layer1.0')
    await page
      .getByRole('region', { name: 'Feature maps of a layer' })
      .getByRole('combobox', { name: 'Layer' })
      .selectOption('layer1')
    await page.getByRole('img', { name: /^layer1: 256 channels/ }).waitFor()
    await cancel.waitFor({ state: 'detached' })
    expect(await page.getByRole('alert').count()).toBe(0)
    await networkSelect(page).selectOption('cifar_resnet8')
    await page.getByText('Not trained').waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('reports that there is no WebGPU, and uses the CPU', async () => {
    const { page } = await explorer.open('#/run?device=webgpu&picture=digit-1')
    await page.getByText('WebGPU is not available here').waitFor()
    expect(await page.locator('.place').textContent()).toContain('CPU')
    await page.getByRole('list', { name: 'The most probable classes' }).waitFor()
    await page.close()
  })

  it('works offline once it has run', { timeout: 120_000 }, async () => {
    const server = await serveExplorer()
    try {
      const { page, faults } = await explorer.openAt(server.address)
      await keptOffline(page)
      await page.goto(`${server.address}#/run?picture=digit-5`)
      await page.reload()
      const answers = page.getByRole('list', { name: 'The most probable classes' })
      await answers.waitFor()
      const runtime = `${server.address}runtime/ort-wasm-simd-threaded.wasm`
      await expect.poll(() => page.evaluate(async url => !!(await caches.match(url)), runtime)).toBe(true)
      await server.stop()
      await page.reload()
      await answers.waitFor()
      expect(faults).toEqual([])
      await page.close()
    } finally {
      await server.stop()
    }
  })

  it('reports layers and classes in a URL that the network does not have', async () => {
    const { page } = await explorer.open('#/run?maps=layer9&class=12&picture=digit-1')
    const notices = page.getByRole('status', { name: 'Notices' })
    await expect.poll(() => notices.textContent(), PATIENT).toContain('maps=layer9')
    expect(await notices.textContent()).toContain('class=12')
    await page.goto(`${explorer.address}#/run?model=resnet19`)
    await expect.poll(() => notices.textContent(), PATIENT).toContain('model=resnet19')
    await page.close()
  })

  it('does not block the main thread', async () => {
    const { page, faults } = await explorer.open('#/run')
    await page.getByText('Trained on').waitFor()
    const longest = await longestTask(page, async () => {
      await draw(page, DRAWN_DIGITS[8])
      await page.getByRole('img', { name: /^conv1: 16 channels/ }).waitFor()
      await networkSelect(page).selectOption('resnet18')
      await page.getByRole('img', { name: /^conv1: 64 channels/ }).waitFor()
    })
    expect(longest.own).toBeLessThan(100)
    expect(faults).toEqual([])
    await page.close()
  })

  it.each(['en', 'zh'])('has no accessibility violations by axe with results shown (%s)', async lang => {
    for (const theme of ['light', 'dark']) {
      const { page } = await explorer.open(`#/run?picture=digit-1&lang=${lang}&theme=${theme}`)
      await page.getByRole('img', { name: /^conv1: / }).waitFor()
      expect(await axeViolations(page)).toEqual([])
      await page.close()
    }
  })

  it('fits a phone screen', async () => {
    const { page } = await explorer.open('#/run?picture=digit-1', {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true
    })
    await page.getByRole('img', { name: /^conv1: / }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    const paper = await page.locator('.paper').boundingBox()
    await page.touchscreen.tap((paper?.x ?? 0) + 60, (paper?.y ?? 0) + 60)
    await expect.poll(() => page.locator('.paper path').count()).toBe(1)
    await page.close()
  })
})

describe.skipIf(!hasBrowser)('with little memory', () => {
  it('reports that memory ran out, and runs smaller networks', async () => {
    const explorer = await startExplorer({ args: LITTLE_MEMORY })
    try {
      const { page } = await explorer.open('#/run?model=resnet18&picture=cat')
      await page.getByText('There is not enough memory for this.').waitFor()
      await networkSelect(page).selectOption('digits')
      await page.getByRole('list', { name: 'The most probable classes' }).waitFor()
      expect(await page.getByText('There is not enough memory').count()).toBe(0)
    } finally {
      await explorer.close()
    }
  })
})

describe.skipIf(!hasBrowser)('on WebGPU', () => {
  it('computes the same as the CPU', async () => {
    const explorer = await startExplorer({ args: WEBGPU })
    try {
      const [onGpu, onCpu] = [[], []] as number[][]
      for (const [device, found] of [
        ['webgpu', onGpu],
        ['cpu', onCpu]
      ] as const) {
        const { page } = await explorer.open(`#/run?device=${device}&picture=digit-1`)
        found.push(...(await savedLogits(page)))
        expect(await page.locator('.place').textContent()).toContain(device === 'cpu' ? 'CPU' : 'WebGPU')
        await page.close()
      }
      expect(difference(onGpu, Float32Array.from(onCpu))).toBeLessThan(SAME)
    } finally {
      await explorer.close()
    }
  })
})

describe.skipIf(!hasBrowser)('from a server without the headers for shared memory', () => {
  it('runs on one thread with a notice, and on several after a reload', async () => {
    const server = await servePlainly()
    const explorer = await startExplorer({ at: server.address })
    try {
      const { page } = await explorer.open('#/run')
      await page.getByText('This runs on one thread').waitFor()
      expect(await page.locator('.place').textContent()).toBe('CPU, 1 thread')
      await keptOffline(page)
      await page.reload()
      await page.getByText('Trained on').waitFor()
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      expect(await page.getByText('This runs on one thread').count()).toBe(0)
    } finally {
      await explorer.close()
      await server.stop()
    }
  })
})

function networkSelect(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Network' })
}

async function bestLabel(page: Page): Promise<string> {
  return (await page.locator('.answers li').first().locator('.label').textContent()) ?? ''
}

/** Draws with the mouse. */
async function draw(page: Page, strokes: readonly (readonly number[])[]): Promise<void> {
  const box = await page.locator('.paper').boundingBox()
  if (!box) throw new Error('There is no paper')
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i += 2) {
      const [x, y] = [stroke[i], stroke[i + 1]].map(at => 0.1 + at / 125)
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: i === 0 ? 1 : 2 })
      if (i === 0) await page.mouse.down()
    }
    await page.mouse.up()
  }
}

/** Drops a file onto the page. */
async function drop(page: Page, path: string, type = ''): Promise<void> {
  const bytes = (await readFile(path)).toString('base64')
  const transfer = await page.evaluateHandle(
    ([text, name, kind]) => {
      const data = new DataTransfer()
      data.items.add(
        new File([Uint8Array.from(atob(text), char => char.charCodeAt(0))], name, { type: kind })
      )
      return data
    },
    [bytes, path.split('/').at(-1) ?? '', type]
  )
  await page.locator('.run').dispatchEvent('drop', { dataTransfer: transfer })
}

/** All outputs of the network, as downloaded from the page. */
async function savedLogits(page: Page): Promise<readonly number[]> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save these numbers' }).click()
  const { logits } = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
    readonly logits: readonly number[]
  }
  return logits
}

/** The largest difference, relative to the largest value. */
function difference(found: readonly number[], expected: Float32Array): number {
  const most = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  return found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0) / most
}
