// The passes for graphs whose weights change from run to run, in order of execution.
import { asLines } from './as-lines.js'
import { fuseAffine } from './fuse-affine.js'
import { maskBeforePooling } from './mask-before-pooling.js'
import type { Pass } from './pass-lists.js'
import { shareCommon } from './share-common.js'

export const TRAINING: readonly Pass[] = [maskBeforePooling, shareCommon, fuseAffine, asLines]
