// Stochastic depth for whole networks (Huang et al. 2016, arXiv:1603.09382, equation 4).
import { StochasticDepth } from '../../nn/layers/stochastic-depth.js'
import type { Module } from '../../nn/module.js'
import { ResidualBlock } from './residual-block.js'

/**
 * Lets every block below a module drop its F while training, later ones more often: block l of L with probability
 * `p · l / L`, drawn for each image.
 * @param p of the last block; 0.5 in the paper.
 * @throws ResnetError when p is no probability.
 */
export function dropBlocks(net: Module, p: number): void {
  const blocks = [...net.modules()].filter(module => module instanceof ResidualBlock)
  blocks.forEach((block, index) => {
    block.stochastic_depth = new StochasticDepth((p * (index + 1)) / blocks.length, 'row')
  })
}
