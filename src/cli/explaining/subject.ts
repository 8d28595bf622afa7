// The network that is explained, and all that is known of the images it takes.
import type { Picture } from '../../images/picture.js'
import type { Module } from '../../nn/module.js'
import type { Tensor } from '../../tensor/tensor.js'
import { loadNetwork, publishedWeights, type NetworkOptions } from '../load-network.js'

/** A network ready to be looked into. */
export interface Subject {
  /** The model's name. */
  readonly model: string
  /** Where its weights are from, in words. */
  readonly origin: string
  readonly net: Module
  /** Of one prepared image: (C, H, W). */
  readonly shape: readonly number[]
  /** From an image to the network's input, as `resnet predict` prepares it. */
  readonly prepare: (image: Picture) => Tensor<'float32'>
  /** The pixels of an image that the network sees. */
  readonly crop: (image: Picture) => Picture
  /** A name for each class, where the network brings some. */
  readonly labels: readonly string[] | undefined
}

/** What names a network on the command line. */
export interface SubjectOptions extends NetworkOptions {
  readonly model: string
  readonly checkpoint?: string
}

/**
 * Opens the network.
 * @throws ResnetError when there is no such model, or its weights cannot be had.
 */
export async function openSubject(options: SubjectOptions): Promise<Subject> {
  return options.checkpoint === undefined ? ofModel(options) : ofCheckpoint(options.checkpoint)
}

async function ofModel(options: SubjectOptions): Promise<Subject> {
  const { imageClassification } = await import('../../images/pipeline/image-classification.js')
  const { findModel } = await import('../../models/registry.js')
  const { model, weights, seed } = options
  const published = seed === undefined ? publishedWeights(findModel(model), weights) : undefined
  const net = await loadNetwork(model, options)
  const prepare = imageClassification(published ? published.transforms : {})
  const { cropSize, crop } = prepare
  const origin = seed === undefined ? (weights ?? 'published weights') : `untrained weights of seed ${seed}`
  return { model, origin, net, shape: [3, cropSize, cropSize], prepare, crop, labels: undefined }
}

async function ofCheckpoint(file: string): Promise<Subject> {
  const { openCheckpoint } = await import('../../networks/checkpoint-classifier.js')
  const { checkpointPath } = await import('../training/checkpoint-path.js')
  const { net, network, shape, prepare, crop } = await openCheckpoint(checkpointPath(file))
  return { model: network.model, origin: file, net, shape, prepare, crop, labels: network.classes }
}
