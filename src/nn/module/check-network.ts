// What functions of a network are given: the network itself, the shape of its input, what was found out of it, and options.
import { anObject, checkArguments, checkOptions, type Check, type MakeFault } from '../../base/options.js'
import { isShape, type Shape } from '../../ir/shape.js'
import { Module } from './module.js'

export const aNetwork: Check<Module> = {
  expected: 'a network such as resnet18()',
  accepts: value => value instanceof Module
}

export const anInputShape: Check<Shape> = {
  expected: "a shape such as ['N', 3, 224, 224]",
  accepts: isShape
}

/** Data that another function returns, by one of its fields. */
export function returnedBy<T extends object>(maker: string, field: keyof T & string): Check<T> {
  return anObject(`what ${maker} returns`, field)
}

/**
 * Checks the network and the options of a call, as `checkOptions` does.
 * @throws OptionError, or what `makeFault` makes of an option.
 */
export function checkNetworkCall<Options extends object>(
  owner: string,
  net: Module,
  options: Options,
  rules: Parameters<typeof checkOptions>[2],
  makeFault?: MakeFault
): ReturnType<typeof checkOptions<Options>> {
  const given = checkOptions(owner, options, rules, makeFault)
  checkArguments(owner, { net }, { net: aNetwork })
  return given
}
