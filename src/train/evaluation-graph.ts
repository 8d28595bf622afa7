// Evaluation of a batch as a graph: output and loss in evaluation mode, with weights as state.
import { collectGraph, type Graph } from '../ir/graph.js'
import { graphInput } from '../ir/operand.js'
import type { Loss, TargetForm } from '../nn/losses.js'
import type { Module } from '../nn/module.js'
import { traceEvaluation } from '../nn/trace.js'
import type { StateSlot } from '../runtime/engine.js'
import { slotsRead, withInputNames } from './state-slots.js'
import { PORTS } from './training-graph.js'

export interface EvaluationGraph {
  readonly graph: Graph
  readonly state: readonly StateSlot[]
  readonly target: TargetForm
}

export interface EvaluationGraphOptions {
  /** The batch's shape, all numbers. */
  readonly input: readonly number[]
  readonly loss: Loss
  /** Whether to use the moving average of the weights. */
  readonly averaged: boolean
}

/** Builds the graph. @throws ShapeError naming the module when the batch does not fit the network. */
export function evaluationGraph(
  net: Module,
  { input: shape, loss, averaged }: EvaluationGraphOptions
): EvaluationGraph {
  const { input: images, output, nameOf } = traceEvaluation(net, shape)
  const form = loss.target(output.shape)
  const target = graphInput(PORTS.target, form.shape, form.dtype)
  const outputs = [
    { name: PORTS.loss, value: loss.apply(output, target) },
    { name: PORTS.output, value: output }
  ]
  const graph = collectGraph([images, target], outputs, withInputNames(nameOf))
  return { graph, state: slotsRead(graph, net, averaged), target: form }
}
