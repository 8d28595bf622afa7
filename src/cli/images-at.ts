// The images that a command's arguments stand for.

/**
 * The image files that a path stands for.
 * @throws ImageError when it stands for none.
 */
export async function imagesAt(path: string): Promise<string[]> {
  const { listImages } = await import('../images/list-images.js')
  const { ImageError } = await import('../images/picture.js')
  const images = await listImages(path)
  if (images.length === 0) throw new ImageError(path, 'has no images in it; JPEG, PNG, WebP and GIF are read')
  return images
}
