// What of the part "run" stands in the page's address.
import type { Fields } from '../address/codecs.js'

export const runFields: Fields<object> = {}
