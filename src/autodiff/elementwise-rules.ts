// Gradients of element-wise ops.
import * as F from '../ir/functional/index.js'
import type { Elementwise, Value } from '../ir/ops.js'
import type { Rule, Rules } from './rule.js'

/** 1 where a > b, 0 where a < b, ½ where they are equal: equal operands share the gradient, as in torch. */
function winner(a: Value, b: Value): Value {
  return F.mul(F.add(F.sub(F.heaviside(F.sub(a, b)), F.heaviside(F.sub(b, a))), 1), 0.5)
}

const maximum: Rule<'maximum'> = ({ inputs: [a, b], gradient }) => [
  () => F.mul(gradient, winner(a, b)),
  () => F.mul(gradient, winner(b, a))
]

function isFloat({ dtype }: Value): boolean {
  return dtype.includes('float')
}

/** The rules of element-wise ops. */
export const ELEMENTWISE_RULES: Rules<Elementwise> = {
  neg: ({ gradient }) => [() => F.neg(gradient)],
  abs: ({ inputs: [x], gradient }) => [() => F.mul(gradient, F.sub(F.heaviside(x), F.heaviside(F.neg(x))))],
  exp: ({ output, gradient }) => [() => F.mul(gradient, output)],
  log: ({ inputs: [x], gradient }) => [() => F.div(gradient, x)],
  sqrt: ({ output, gradient }) => [() => F.div(gradient, F.mul(output, 2))],
  tanh: ({ output, gradient }) => [() => F.mul(gradient, F.sub(1, F.mul(output, output)))],
  erf: ({ inputs: [x], gradient }) => [
    () => F.mul(gradient, F.mul(F.exp(F.neg(F.mul(x, x))), 2 / Math.sqrt(Math.PI)))
  ],
  sigmoid: ({ output, gradient }) => [() => F.mul(gradient, F.mul(output, F.sub(1, output)))],
  // The output is positive exactly where the input is; using the output allows the input to be freed.
  relu: ({ output, gradient }) => [() => F.mul(gradient, F.heaviside(output))],
  heaviside: () => [undefined],

  add: ({ gradient }) => [() => gradient, () => gradient],
  sub: ({ gradient }) => [() => gradient, () => F.neg(gradient)],
  mul: ({ inputs: [a, b], gradient }) =>
    // For a square, one product instead of two.
    a === b
      ? [() => F.mul(F.mul(gradient, 2), a), undefined]
      : [() => F.mul(gradient, b), () => F.mul(gradient, a)],
  div: ({ inputs: [, b], output, gradient }) => [
    () => F.div(gradient, b),
    () => F.neg(F.div(F.mul(gradient, output), b))
  ],
  maximum,
  minimum: ({ inputs: [a, b], gradient }) => [
    () => F.mul(gradient, winner(b, a)),
    () => F.mul(gradient, winner(a, b))
  ],

  cast: ({ inputs: [x], output, gradient }) => [
    isFloat(x) && isFloat(output) ? () => F.cast(gradient, x.dtype) : undefined
  ]
}
