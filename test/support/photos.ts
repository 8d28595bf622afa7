// Small images in a folder per class; the classes differ in their amount of green.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

const GREENS = { a: 40, b: 200 } as const

/** Writes ten images of 16 × 16 pixels for each of the classes a and b. */
export async function writePhotos(folder: string): Promise<void> {
  for (const [kind, g] of Object.entries(GREENS)) {
    await mkdir(join(folder, kind), { recursive: true })
    for (let i = 0; i < 10; i++) {
      const create = { width: 16, height: 16, channels: 3, background: { r: 9 * i, g, b: 0 } } as const
      await sharp({ create })
        .png()
        .toFile(join(folder, kind, `${i}.png`))
    }
  }
}
