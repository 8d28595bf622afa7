// The checkpoint that comes with the package, written by
// `resnet train digits --model cifar_resnet20 --epochs 7 --batch-size 32 --schedule onecycle`.

/** A small network that reads the bundled digits: 99.2 % of those held back, none of which it was trained on. */
// Two folders up, from here as from the bundled command line.
export const DIGITS_CHECKPOINT = new URL('../../assets/digits-resnet20.safetensors', import.meta.url)
