// What of the part "Architecture" stands in the page's address.
import { text, type Fields } from '../address/codecs.js'

/** The state of the part. */
export interface ArchitectureFields {
  readonly model: string
}

export const architectureFields: Fields<ArchitectureFields> = {
  model: text('resnet18')
}
