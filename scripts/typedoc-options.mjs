// Properties of options come from tables of checks. TypeDoc takes a table's check for a property's default value; it is none.
import { Converter } from 'typedoc'

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (reflection.flags.isOptional) delete reflection.defaultValue
  })
}
