// What `--format` can be told; apart from what reads it, so that `--help` need not load that.

/** Every spelling that `--format` accepts beside `auto`. */
export const DATA_FORMATS = ['folder', 'digits', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const
export type DataFormat = (typeof DATA_FORMATS)[number]
