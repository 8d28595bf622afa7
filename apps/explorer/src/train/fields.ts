// What of the part "train" stands in the page's address.
import type { Fields } from '../address/codecs.js'

export const trainFields: Fields<object> = {}
