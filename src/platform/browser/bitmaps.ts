// Reads pixels of bitmaps. A canvas premultiplies alpha, which loses colours; translucent pixels are read through WebGL.
import { DecodeError, type EncodablePixels } from '../image.js'

const CHANNELS = 4
const OPAQUE = 255

/** RGBA, interleaved, row by row. Shape: (height, width, 4). */
export type RgbaPixels = EncodablePixels

/** Draws and reads the pixels, exact where opaque. @throws DecodeError if too large, or of another origin. */
export function canvasPixels(source: CanvasImageSource, width: number, height: number): RgbaPixels {
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    colorSpace: 'srgb',
    willReadFrequently: true
  })
  const tooLarge = `needs a canvas of ${width} × ${height} pixels, which the browser cannot allocate`
  if (!context) throw new DecodeError(tooLarge)
  try {
    context.drawImage(source, 0, 0, width, height)
    const { data } = context.getImageData(0, 0, width, height)
    return { width, height, data: new Uint8Array(data.buffer) }
  } catch (cause) {
    const isForeign = cause instanceof DOMException && cause.name === 'SecurityError'
    const fault = isForeign
      ? 'comes from another origin, which does not let the page read its pixels'
      : tooLarge
    throw new DecodeError(fault, { cause })
  }
}

/** Whether any pixel is not opaque. */
export function isTranslucent({ data }: RgbaPixels): boolean {
  for (let at = CHANNELS - 1; at < data.length; at += CHANNELS) if (data[at] !== OPAQUE) return true
  return false
}

/** Exact samples of a bitmap made with `premultiplyAlpha: 'none'`; undefined without WebGL. */
export function straightPixels(bitmap: ImageBitmap): RgbaPixels | undefined {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (!gl) return undefined
  try {
    return readThrough(gl, bitmap)
  } finally {
    // A page may have only a few contexts.
    gl.getExtension('WEBGL_lose_context')?.loseContext()
  }
}

/** In tiles, since textures have a maximum size. */
function readThrough(gl: WebGL2RenderingContext, bitmap: ImageBitmap): RgbaPixels | undefined {
  const { width, height } = bitmap
  const data = new Uint8Array(CHANNELS * width * height)
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE)
  gl.pixelStorei(gl.PACK_ROW_LENGTH, width)
  const side = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE))
  for (let y = 0; y < height; y += side) {
    for (let x = 0; x < width; x += side) {
      const [w, h] = [Math.min(side, width - x), Math.min(side, height - y)]
      gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, x)
      gl.pixelStorei(gl.UNPACK_SKIP_ROWS, y)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, w, h, 0, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
      gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, data, CHANNELS * (y * width + x))
    }
  }
  return gl.getError() === gl.NO_ERROR ? { width, height, data } : undefined
}
