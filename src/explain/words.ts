/** Every method the command line knows: its name in its paper, and what bright places mean. */
export const METHODS = {
  gradcam: {
    title: 'Grad-CAM',
    shows:
      'Bright places hold what raised the score of the class: each channel of the layer counts by how much the score rises with it.',
    source: 'Selvaraju et al. 2016, arXiv:1610.02391'
  },
  'gradcam++': {
    title: 'Grad-CAM++',
    shows:
      'Bright places hold what raised the score of the class; places count one by one, so that several objects of the class all show.',
    source: 'Chattopadhyay et al. 2017, arXiv:1710.11063'
  },
  eigencam: {
    title: 'Eigen-CAM',
    shows:
      'Bright places are where the layer answers most strongly along its main direction, whatever the class.',
    source: 'Muhammad & Yeasin 2020, arXiv:2008.00299'
  },
  scorecam: {
    title: 'Score-CAM',
    shows:
      'Bright places are enough for the class: each channel of the layer counts by the score that is left when only what it shows is seen.',
    source: 'Wang et al. 2019, arXiv:1910.01279'
  },
  occlusion: {
    title: 'Occlusion sensitivity',
    shows: 'Bright places are needed for the class: its probability drops where a patch covers them.',
    source: 'Zeiler & Fergus 2013, arXiv:1311.2901'
  },
  'integrated-gradients': {
    title: 'Integrated gradients',
    shows: 'Bright pixels added to the score of the class on the way from a black picture to this one.',
    source: 'Sundararajan et al. 2017, arXiv:1703.01365'
  },
  features: {
    title: 'Feature maps',
    shows:
      'Each tile is one channel of the layer, from its least (dark) to its most (bright) on this picture.',
    source: 'the layer itself'
  },
  filters: {
    title: 'Filters',
    shows: 'Each tile is one filter of the convolution, from its least to its most weight.',
    source: 'the weights themselves'
  }
} as const satisfies Record<string, { title: string; shows: string; source: string }>

/** A method's name. */
export type MethodName = keyof typeof METHODS
