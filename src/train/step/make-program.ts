// What makes a step's program: its graph with the gradients, simplified and loaded. A page loads it with the first step.
export { loadOnState } from '../../compile/load-on-state.js'
export { evaluationGraph, trainingGraph } from './training-graph.js'
