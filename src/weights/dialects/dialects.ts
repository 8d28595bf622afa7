// How other projects name a residual network's tensors: data alone. Our names are PyTorch's (torchvision, timm).
// Sources: each project's code, and files written by it.
import type { Rule } from './renaming.js'

/** A project's names. */
export interface Dialect {
  /** As options name it. */
  readonly name: string
  /** As messages name it. */
  readonly project: string
  /**
   * What tells it from others: names, or beginnings of names, that are all there. The first is a whole name, and what stands before
   * it is a wrapper's prefix, behind which the others are as well.
   */
  readonly signs: readonly [whole: string, ...more: string[]]
  /** Default the names are ours. What no rule fits is left out. */
  readonly rules?: readonly Rule[]
  /** Endings of names that it does not have, so that none is written. */
  readonly lacks?: readonly string[]
  /** Endings of names that are no part of the network. */
  readonly leaves?: readonly string[]
  /** Whether its normalisations are folded into the convolutions, whose biases are left of them. */
  readonly foldsNorms?: boolean
  /** Whether its normalisations are only a scale and a shift. */
  readonly foldsStatistics?: boolean
  /** How its kernels are laid out, height and width first as in TensorFlow; default as PyTorch's. */
  readonly kernels?: 'HWIO'
  /** What its names cannot tell about the arithmetic, by the option that settles it, and where it is not as usual. */
  readonly doubts?: Doubts
  /** Why its weights compute something else in a network here; they load only when it is named, or built so. */
  readonly differs?: Difference
}

/** What is taken for granted where names cannot tell, by the option that says otherwise. */
export const USUAL = {
  strideIn1x1: "each block's stride is in its 3×3 convolution",
  pixels: 'pictures are RGB',
  eps: "normalisation's eps is 1e-5",
  replaceStrideWithDilation: 'stages 3 and 4 halve the resolution'
} as const

/** An option that settles what names cannot tell. */
export type Doubt = keyof typeof USUAL

/** Where it is not as usual. */
export type Doubts = Readonly<Partial<Record<Doubt, string>>>

/** Another arithmetic than that of the networks here. */
export interface Difference {
  readonly what: string
  /** The option that builds it, with the value that it has then. */
  readonly option?: readonly [name: 'strideIn1x1' | 'activatesShortcut', value: boolean]
  /** Whether it is in basic blocks alone. */
  readonly isOfBasicBlocks?: boolean
}

/** The first name in a block, by which residual networks are known. */
export const BLOCK = 'layer1.0.conv1.weight'
/** torch: how the results of quantized layers are quantized. */
const STEPS = ['.scale', '.zero_point']
/** And what its observers have seen, before they are. */
const OBSERVED = [
  ...STEPS,
  '.eps',
  '.min_val',
  '.max_val',
  '.histogram',
  '.fake_quant_enabled',
  '.observer_enabled'
]
/** All names as they are. */
const OURS: Rule = ['', '']

/** OpenMMLab's networks in Caffe's style. */
const CAFFE_STYLE: Doubts = { strideIn1x1: "style='caffe'", pixels: "'caffe' with that style" }

const DEEP_STEM: readonly Rule[] = [
  ['backbone.stem.0.conv', 'conv1.0'],
  ['backbone.stem.0.bn', 'conv1.1'],
  ['backbone.stem.1.conv', 'conv1.3'],
  ['backbone.stem.1.bn', 'conv1.4'],
  ['backbone.stem.2.conv', 'conv1.6'],
  ['backbone.stem.2.bn', 'bn1']
]
/** OpenMMLab's squeeze and excitation, head and trunk. */
const MM: readonly Rule[] = [
  ['head.fc', 'fc'],
  ['backbone.layer{s}.{b}.se_layer.conv1.conv', 'layer{s}.{b}.se.fc1'],
  ['backbone.layer{s}.{b}.se_layer.conv2.conv', 'layer{s}.{b}.se.fc2'],
  ['backbone', '']
]

const BIT_STEM = 'resnet/root_block/standardized_conv2d'
/** A block there, and in timm's resnetv2. */
const BIT_UNIT = 'resnet/block{s}/unit{b+1:2}'
const UNIT = 'stages.{s-1}.blocks.{b}'

const CHILDREN: readonly Rule[] = [
  ['0', 'conv1'],
  ['1', 'bn1'],
  ['{s+3}.{b}', 'layer{s}.{b}']
]

/** In the order in which they are tried: those with more to tell them first. */
export const DIALECTS: readonly Dialect[] = [
  // Self-supervised training keeps the network beside another and a projector.
  { name: 'moco', project: 'MoCo v1 or v2', signs: [`encoder_q.${BLOCK}`], rules: [['encoder_q', '']] },
  { name: 'moco-v3', project: 'MoCo v3', signs: [`base_encoder.${BLOCK}`], rules: [['base_encoder', '']] },
  {
    name: 'byol',
    project: 'BYOL',
    signs: [`online_encoder.net.${BLOCK}`],
    rules: [['online_encoder.net', '']]
  },
  {
    name: 'byol',
    project: 'BYOL',
    signs: ['encoder.4.0.conv1.weight', 'projetion.'],
    rules: within('encoder')
  },
  {
    name: 'simsiam',
    project: 'SimSiam',
    signs: [`encoder.${BLOCK}`, 'predictor.'],
    rules: [['encoder', '']]
  },
  { name: 'simclr', project: 'SimCLR', signs: [`encoder.${BLOCK}`, 'projector.'], rules: [['encoder', '']] },
  {
    name: 'barlow-twins',
    project: 'Barlow Twins or VICReg',
    signs: [`backbone.${BLOCK}`, 'projector.'],
    rules: [['backbone', '']]
  },
  { name: 'dino', project: 'DINO', signs: [`backbone.${BLOCK}`, 'head.mlp.'], rules: [['backbone', '']] },
  {
    name: 'dino',
    project: 'DINO',
    signs: [`backbone.${BLOCK}`, 'head.last_layer.'],
    rules: [['backbone', '']]
  },
  {
    name: 'vissl',
    project: 'VISSL',
    signs: [`_feature_blocks.${BLOCK}`],
    rules: [['_feature_blocks', '']],
    doubts: { pixels: 'INPUT_TYPE' }
  },
  {
    name: 'swav',
    project: 'SwAV or DeepCluster',
    signs: [BLOCK, 'prototypes.'],
    rules: [['prototypes'], ['projection_head'], OURS]
  },
  // Networks for other tasks, with a backbone.
  {
    name: 'smp',
    project: 'segmentation_models_pytorch',
    signs: [`encoder.${BLOCK}`, 'decoder.'],
    rules: [['encoder', '']]
  },
  {
    name: 'smp',
    project: 'segmentation_models_pytorch',
    signs: [`encoder.model.${BLOCK}`, 'decoder.'],
    rules: [['encoder.model', '']]
  },
  {
    name: 'torchvision-detection',
    project: "torchvision's detectors (Faster R-CNN)",
    signs: [`backbone.body.${BLOCK}`],
    rules: [['backbone.body', '']],
    doubts: { eps: '0 with the COCO_V1 weights' }
  },
  {
    name: 'torchvision-segmentation',
    project: "torchvision's segmentation networks",
    signs: [`backbone.${BLOCK}`, 'classifier.0.'],
    rules: [['backbone', '']],
    doubts: { replaceStrideWithDilation: 'dilated in those networks: false, true, true' }
  },
  { name: 'detr', project: 'DETR', signs: [`backbone.0.body.${BLOCK}`], rules: [['backbone.0.body', '']] },
  {
    name: 'detr',
    project: 'DETR',
    signs: [`backbone.conv_encoder.model.${BLOCK}`],
    rules: [['backbone.conv_encoder.model', '']]
  },
  // OpenMMLab; its deep stems before the plain ones.
  {
    name: 'mmpretrain',
    project: 'OpenMMLab (mmpretrain), ResNet-D',
    signs: ['backbone.stem.0.conv.weight', 'backbone.layer2.0.downsample.2.'],
    // An average pool stands before the projection, though not where nothing is halved.
    rules: [
      ...DEEP_STEM,
      ['backbone.layer1.{b}.downsample.0', 'layer1.{b}.downsample.1'],
      ['backbone.layer1.{b}.downsample.1', 'layer1.{b}.downsample.2'],
      ...MM
    ],
    doubts: CAFFE_STYLE
  },
  {
    name: 'mmpretrain',
    project: 'OpenMMLab (mmpretrain), ResNet-C',
    signs: ['backbone.stem.0.conv.weight'],
    rules: [...DEEP_STEM, ...MM],
    doubts: CAFFE_STYLE
  },
  {
    name: 'mmpretrain',
    project: 'OpenMMLab (mmpretrain)',
    signs: [`backbone.${BLOCK}`, 'head.fc.'],
    rules: MM,
    doubts: CAFFE_STYLE
  },
  // Other names for the layers themselves.
  // A network with a classifier beside it, or the network alone.
  ...['resnet.', ''].map(field => huggingFace(field)),
  detectron2('backbone.bottom_up.'),
  // Without a pyramid, the last stage is in the heads.
  detectron2('backbone.', 'roi_heads.'),
  detectron2(''),
  {
    name: 'timm-v2',
    project: "timm's resnetv2",
    signs: ['stages.0.blocks.0.norm1.weight', 'stem.conv'],
    rules: [
      ['stem.conv', 'conv1'],
      ['stages.{s-1}.blocks.{b}.norm{k}', 'layer{s}.{b}.bn{k}'],
      ['stages.{s-1}.blocks.{b}.downsample.conv', 'layer{s}.{b}.downsample'],
      ['stages.{s-1}.blocks.{b}', 'layer{s}.{b}'],
      ['norm', 'bn'],
      ['head.fc', 'fc']
    ],
    differs: {
      what: "the first block's shortcut carries x as it is",
      option: ['activatesShortcut', false],
      isOfBasicBlocks: true
    }
  },
  {
    name: 'bit',
    project: "Google's Big Transfer",
    signs: [`${BIT_STEM}/kernel`],
    rules: [
      [`${BIT_STEM}/kernel`, 'stem.conv.weight'],
      ['resnet/head/conv2d/kernel', 'head.fc.weight'],
      ['resnet/head/conv2d/bias', 'head.fc.bias'],
      ...groupNorm('resnet', 'norm'),
      [`${BIT_UNIT}/a/proj/standardized_conv2d/kernel`, `${UNIT}.downsample.conv.weight`],
      ...['a', 'b', 'c'].flatMap((letter, index): Rule[] => [
        [`${BIT_UNIT}/${letter}/standardized_conv2d/kernel`, `${UNIT}.conv${index + 1}.weight`],
        ...groupNorm(`${BIT_UNIT}/${letter}`, `${UNIT}.norm${index + 1}`)
      ])
    ],
    kernels: 'HWIO'
  },
  pycls('s{s+1}', 's1'),
  pycls('s{s}', 'stem'),
  {
    name: 'caffe2',
    project: 'Caffe2 (Detectron 1)',
    signs: ['res2_0_branch2a_w', 'conv1_w'],
    rules: [
      ['conv1_w', 'conv1.weight'],
      ...caffe2('res_conv1', 'bn1'),
      ...['1', '2', '3'].flatMap((k, index) => {
        const theirs = `res{s+1}_{b}_branch2${'abc'[index] ?? ''}`
        return [
          [`${theirs}_w`, `layer{s}.{b}.conv${k}.weight`] as const,
          ...caffe2(theirs, `layer{s}.{b}.bn${k}`)
        ]
      }),
      ['res{s+1}_{b}_branch1_w', 'layer{s}.{b}.downsample.0.weight'],
      ...caffe2('res{s+1}_{b}_branch1', 'layer{s}.{b}.downsample.1'),
      ['pred_w', 'fc.weight'],
      ['pred_b', 'fc.bias']
    ],
    foldsStatistics: true,
    doubts: { pixels: "'caffe' in Detectron" },
    differs: { what: 'its blocks stride in their first 1×1 convolution', option: ['strideIn1x1', true] }
  },
  {
    name: 'cadene',
    project: "Cadene's pretrainedmodels (legacy_seresnet)",
    signs: ['layer0.conv1.weight', 'last_linear.', 'layer1.0.se_module.'],
    rules: [
      ['last_linear', 'fc'],
      ['layer0', ''],
      ['layer{s}.{b}.se_module', 'layer{s}.{b}.se'],
      ['layer{s}', 'layer{s}']
    ],
    differs: {
      what: 'its blocks stride in their first 1×1 convolution, and its pooling rounds up without padding'
    }
  },
  { name: 'fastai', project: 'fastai', signs: ['0.4.0.conv1.weight', '0.0.', '0.1.'], rules: within('0') },
  {
    name: 'children',
    project: 'nn.Sequential(*net.children())',
    signs: ['4.0.conv1.weight', '0.', '1.'],
    rules: CHILDREN
  },
  {
    name: 'averaged-model',
    project: "torch's AveragedModel",
    signs: [`module.${BLOCK}`, 'n_averaged'],
    rules: [['module', '']]
  },
  // Quantized, and fused as before that: a convolution with its normalisation and activation is one module.
  {
    name: 'torchvision-quantized',
    project: "torchvision's quantized networks",
    signs: [BLOCK, 'layer1.0.conv1.scale', 'layer1.0.conv1.bias'],
    rules: [['quant'], OURS],
    leaves: STEPS,
    foldsNorms: true
  },
  {
    name: 'torchvision-quantized',
    project: "torchvision's quantized networks, not yet quantized",
    signs: ['layer1.0.conv1.0.weight', 'layer1.0.conv1.0.bias'],
    rules: [['conv1.0', 'conv1'], ['layer{s}.{b}.conv{k}.0', 'layer{s}.{b}.conv{k}'], OURS],
    leaves: OBSERVED,
    foldsNorms: true
  },
  // A convolution there has its normalisation as a part, and is not yet quantized.
  {
    name: 'torchvision-qat',
    project: "torchvision's networks in quantization-aware training",
    signs: [BLOCK, 'layer1.0.conv1.bn.weight'],
    rules: [
      ['conv1.bn', 'bn1'],
      ['layer{s}.{b}.conv{k}.bn', 'layer{s}.{b}.bn{k}'],
      ['layer{s}.{b}.downsample.0.bn', 'layer{s}.{b}.downsample.1'],
      OURS
    ],
    leaves: OBSERVED
  },
  {
    name: 'pytorch-cifar',
    project: 'pytorch-cifar',
    signs: [BLOCK, 'layer2.0.shortcut.'],
    rules: [['layer{s}.{b}.shortcut', 'layer{s}.{b}.downsample'], ['linear', 'fc'], OURS]
  },
  {
    name: 'torchreid',
    project: 'torchreid',
    signs: [BLOCK, 'classifier.weight'],
    rules: [['classifier', 'fc'], OURS]
  },
  { name: 'timm', project: 'timm', signs: [BLOCK, 'conv1.6.weight'] },
  { name: 'timm', project: 'timm', signs: [BLOCK, 'layer1.0.se.'] },
  { name: 'torchvision', project: 'torchvision', signs: [BLOCK] },
  // Its plain networks have torchvision's names.
  { name: 'timm', project: 'timm', signs: [BLOCK] },
  { name: 'torchvision', project: 'torchvision', signs: ['features.0.weight', 'classifier.0.'] }
]

/** The network's children by their position, as one module's field. */
function within(field: string): Rule[] {
  return CHILDREN.map(([theirs, ...ours]) => [`${field}.${theirs}`, ...ours])
}

/** TensorFlow's group normalisation. */
function groupNorm(theirs: string, ours: string): Rule[] {
  return [
    [`${theirs}/group_norm/gamma`, `${ours}.weight`],
    [`${theirs}/group_norm/beta`, `${ours}.bias`]
  ]
}

function huggingFace(field: string): Dialect {
  const stage = `${field}encoder.stages.{s-1}.layers.{b}`
  return {
    name: 'hf',
    project: 'Hugging Face transformers',
    signs: [`${field}embedder.embedder.convolution.weight`],
    rules: [
      [`${field}embedder.embedder.convolution`, 'conv1'],
      [`${field}embedder.embedder.normalization`, 'bn1'],
      [`${stage}.shortcut.convolution`, 'layer{s}.{b}.downsample.0'],
      [`${stage}.shortcut.normalization`, 'layer{s}.{b}.downsample.1'],
      [`${stage}.layer.{k-1}.convolution`, 'layer{s}.{b}.conv{k}'],
      [`${stage}.layer.{k-1}.normalization`, 'layer{s}.{b}.bn{k}'],
      // Its index 0 flattens.
      ['classifier.1', 'fc']
    ],
    doubts: { strideIn1x1: 'downsample_in_bottleneck' }
  }
}

/** @param last what stands before the last stage, if not the same as before the others. */
function detectron2(field: string, last?: string): Dialect {
  const blocks = [`${field}res{s+1}`, ...(last === undefined ? [] : [`${last}res{s+1}`])]
  return {
    name: 'detectron2',
    project: 'detectron2',
    signs: [
      `${field}stem.conv1.norm.weight`,
      `${field}res2.`,
      ...(last === undefined ? [] : [`${last}res5.`])
    ],
    rules: [
      [`${field}stem.conv1.norm`, 'bn1'],
      [`${field}stem.conv1`, 'conv1'],
      [`${field}stem.fc`, 'fc'],
      ...blocks.flatMap((stage): Rule[] => [
        [`${stage}.{b}.shortcut.norm`, 'layer{s}.{b}.downsample.1'],
        [`${stage}.{b}.shortcut`, 'layer{s}.{b}.downsample.0'],
        [`${stage}.{b}.conv{k}.norm`, 'layer{s}.{b}.bn{k}'],
        [`${stage}.{b}.conv{k}`, 'layer{s}.{b}.conv{k}']
      ]),
      [`${field}linear`, 'fc']
    ],
    lacks: ['.num_batches_tracked'],
    doubts: { strideIn1x1: "STRIDE_IN_1X1, as of MSRA's weights", pixels: "'caffe' with those" }
  }
}

function pycls(stage: string, stem: string): Dialect {
  const block = `${stage}.b{b+1}`
  const path = ['a', 'b', 'c'].flatMap((letter, index): Rule[] => [
    [`${block}.f.${letter}`, `layer{s}.{b}.conv${index + 1}`],
    [`${block}.f.${letter}_bn`, `layer{s}.{b}.bn${index + 1}`]
  ])
  return {
    name: 'pycls',
    project: 'pycls',
    signs: [`${stage.replace('{s}', '1').replace('{s+1}', '2')}.b1.f.a.weight`, `${stem}.conv.`],
    rules: [
      [`${stem}.conv`, 'conv1'],
      [`${stem}.bn`, 'bn1'],
      [`${block}.proj`, 'layer{s}.{b}.downsample.0'],
      [`${block}.bn`, 'layer{s}.{b}.downsample.1'],
      ...path,
      ['head.fc', 'fc']
    ],
    doubts: { strideIn1x1: 'RESNET.STRIDE_1X1', pixels: "'bgr' in pycls" }
  }
}

function caffe2(theirs: string, ours: string): Rule[] {
  return [
    [`${theirs}_bn_s`, `${ours}.weight`],
    [`${theirs}_bn_b`, `${ours}.bias`]
  ]
}
