// What `--augment` can be told; apart from what does it, so that `--help` need not load that.

/** Everything that `--augment` accepts, with commas between. */
export const AUGMENTATIONS = [
  'none',
  'crop',
  'resized-crop',
  'flip',
  'jitter',
  'randaugment',
  'erase',
  'mixup',
  'cutmix'
] as const
export type Augmentation = (typeof AUGMENTATIONS)[number]
