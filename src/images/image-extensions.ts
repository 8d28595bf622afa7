// Which files of a folder are taken for images: nothing is opened to find out.

/** Of the formats that can be read. */
export const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.gif']

/** Whether a file's name, in upper or lower case, is that of an image. */
export function isImageName(name: string): boolean {
  const lower = name.toLowerCase()
  return IMAGE_EXTENSIONS.some(extension => lower.endsWith(extension))
}
