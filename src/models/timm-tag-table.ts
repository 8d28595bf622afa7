// timm's tags of pretrained weights, and how pictures are prepared for them. Written by tools/timm_tags.py.

/** What several tags have in common; what is left out is as in most. */
export interface TagKind {
  /** Pixels of each side in training. */
  readonly size: number
  /** The part of the shorter side that the crop keeps. */
  readonly crop: number
  /** The same for evaluation, where it differs. */
  readonly testSize?: number
  readonly testCrop?: number
  /** Default bicubic. */
  readonly interpolation?: 'bilinear'
  /** Mean and standard deviation of all channels; default ImageNet's. */
  readonly statistics?: 0.5
  /** Default 1000; 0 for a network without a classifier. */
  readonly classes?: number
  /** Default apache-2.0; null where timm states none. */
  readonly licence?: string | null
  /** Default true; false where there are no weights. */
  readonly isPublished?: false
}

export const TAG_KINDS: readonly TagKind[] = [
  { size: 256, crop: 0.875, testSize: 320, testCrop: 0.95 },
  { size: 224, crop: 0.875, testSize: 288, testCrop: 0.95 },
  { size: 224, crop: 0.95, testSize: 288, testCrop: 1.0 },
  { size: 160, crop: 0.95, testSize: 224 },
  { size: 256, crop: 0.95, testSize: 288, isPublished: false },
  { size: 320, crop: 0.95, testSize: 352, testCrop: 1.0 },
  { size: 224, crop: 0.875, isPublished: false },
  { size: 176, crop: 0.875, testSize: 224, testCrop: 0.95 },
  { size: 224, crop: 0.875, interpolation: 'bilinear', licence: 'bsd-3-clause' },
  { size: 224, crop: 0.875, interpolation: 'bilinear', licence: 'cc-by-nc-4.0' },
  { size: 224, crop: 0.875 },
  { size: 224, crop: 0.9, testSize: 288, testCrop: 1.0, statistics: 0.5 },
  { size: 256, crop: 0.94, testSize: 320, testCrop: 1.0 },
  { size: 176, crop: 0.9, testSize: 224, testCrop: 1.0 },
  {
    size: 176,
    crop: 0.875,
    testSize: 224,
    testCrop: 0.965,
    interpolation: 'bilinear',
    licence: 'bsd-3-clause'
  },
  { size: 224, crop: 1.0, classes: 0, licence: null },
  { size: 224, crop: 0.94, testSize: 288, testCrop: 0.95 },
  { size: 224, crop: 0.95, testSize: 288, testCrop: 1.0, statistics: 0.5 },
  { size: 224, crop: 0.875, testSize: 288, testCrop: 0.95, isPublished: false },
  { size: 256, crop: 0.95, testSize: 320, testCrop: 1.0 },
  { size: 224, crop: 0.95, testSize: 288, testCrop: 1.0, classes: 11821 },
  { size: 160, crop: 0.91, testSize: 224 },
  { size: 192, crop: 0.94, testSize: 288 },
  { size: 256, crop: 1.0, testSize: 320 },
  { size: 256, crop: 1.0, testSize: 352 },
  { size: 288, crop: 1.0, testSize: 384 },
  { size: 320, crop: 1.0, testSize: 416 },
  { size: 256, crop: 0.875, testSize: 288, testCrop: 0.95, isPublished: false },
  { size: 288, crop: 0.95, testSize: 320, testCrop: 1.0 },
  { size: 224, crop: 0.875, testSize: 288, testCrop: 1.0 },
  { size: 384, crop: 1.0 },
  { size: 320, crop: 0.95, testSize: 384, testCrop: 1.0, classes: 11821 },
  { size: 160, crop: 0.95, interpolation: 'bilinear', statistics: 0.5 },
  { size: 384, crop: 1.0, testSize: 448, statistics: 0.5 },
  { size: 224, crop: 0.875, statistics: 0.5, isPublished: false },
  { size: 224, crop: 0.875, statistics: 0.5 },
  { size: 448, crop: 1.0, interpolation: 'bilinear', statistics: 0.5 },
  { size: 224, crop: 0.875, interpolation: 'bilinear', statistics: 0.5, classes: 21843 },
  { size: 384, crop: 1.0, statistics: 0.5 },
  { size: 480, crop: 1.0, interpolation: 'bilinear', statistics: 0.5 }
]

/** The tags of each model in timm's order, each with the index of its kind. */
export const TAGS: Readonly<Record<string, string>> = {
  ecaresnet26t: 'ra2_in1k 0',
  ecaresnet50d: 'miil_in1k 1',
  ecaresnet50d_pruned: 'miil_in1k 1',
  ecaresnet50t: 'ra2_in1k 0, a1_in1k 2, a2_in1k 2, a3_in1k 3',
  ecaresnet101d: 'miil_in1k 1',
  ecaresnet101d_pruned: 'miil_in1k 1',
  ecaresnet200d: 'untrained 4',
  ecaresnet269d: 'ra2_in1k 5',
  ecaresnetlight: 'miil_in1k 1',
  ecaresnext26t_32x4d: 'untrained 6',
  ecaresnext50t_32x4d: 'untrained 6',
  resnet10t: 'c3_in1k 7',
  resnet14t: 'c3_in1k 7',
  resnet18:
    'a1_in1k 2, a2_in1k 2, a3_in1k 3, tv_in1k 8, fb_ssl_yfcc100m_ft_in1k 9, fb_swsl_ig1b_ft_in1k 9, gluon_in1k 10',
  resnet18d: 'ra2_in1k 1, ra4_e3600_r224_in1k 11',
  resnet26: 'bt_in1k 1',
  resnet26d: 'bt_in1k 1',
  resnet26t: 'ra2_in1k 12',
  resnet34: 'a1_in1k 2, a2_in1k 2, a3_in1k 3, bt_in1k 1, ra4_e3600_r224_in1k 11, tv_in1k 8, gluon_in1k 10',
  resnet34d: 'ra2_in1k 1',
  resnet50:
    'a1_in1k 2, a1h_in1k 13, a2_in1k 2, a3_in1k 3, b1k_in1k 2, b2k_in1k 2, c1_in1k 2, c2_in1k 2, d_in1k 2, ram_in1k 1, am_in1k 10, ra_in1k 1, bt_in1k 1, tv_in1k 8, tv2_in1k 14, bamboo 15, fb_ssl_yfcc100m_ft_in1k 9, fb_swsl_ig1b_ft_in1k 9, gluon_in1k 10',
  resnet50_gn: 'a1h_in1k 16',
  resnet50c: 'gluon_in1k 10',
  resnet50d: 'ra2_in1k 1, ra4_e3600_r224_in1k 17, a1_in1k 2, a2_in1k 2, a3_in1k 3, gluon_in1k 10',
  resnet50s: 'gluon_in1k 10',
  resnet50t: 'untrained 18',
  resnet101: 'a1h_in1k 2, a1_in1k 2, a2_in1k 2, a3_in1k 3, tv_in1k 8, tv2_in1k 14, gluon_in1k 10',
  resnet101c: 'gluon_in1k 10',
  resnet101d: 'ra2_in1k 19, gluon_in1k 10',
  resnet101s: 'gluon_in1k 10',
  resnet152: 'a1h_in1k 2, a1_in1k 2, a2_in1k 2, a3_in1k 3, tv_in1k 8, tv2_in1k 14, gluon_in1k 10',
  resnet152c: 'gluon_in1k 10',
  resnet152d: 'ra2_in1k 19, gluon_in1k 10',
  resnet152s: 'gluon_in1k 10',
  resnet200: 'untrained 18',
  resnet200d: 'ra2_in1k 19',
  resnetaa34d: 'untrained 18',
  resnetaa50: 'a1h_in1k 2',
  resnetaa50d: 'sw_in12k_ft_in1k 2, sw_in12k 20, d_in12k 20',
  resnetaa101d: 'sw_in12k_ft_in1k 2, sw_in12k 20',
  resnetblur18: 'untrained 18',
  resnetblur50: 'bt_in1k 1',
  resnetblur50d: 'untrained 18',
  resnetblur101d: 'untrained 18',
  resnetrs50: 'tf_in1k 21',
  resnetrs101: 'tf_in1k 22',
  resnetrs152: 'tf_in1k 23',
  resnetrs200: 'tf_in1k 23',
  resnetrs270: 'tf_in1k 24',
  resnetrs350: 'tf_in1k 25',
  resnetrs420: 'tf_in1k 26',
  resnext50_32x4d:
    'a1h_in1k 2, a1_in1k 2, a2_in1k 2, a3_in1k 3, ra_in1k 1, tv_in1k 8, tv2_in1k 14, fb_ssl_yfcc100m_ft_in1k 9, fb_swsl_ig1b_ft_in1k 9, gluon_in1k 10',
  resnext50d_32x4d: 'bt_in1k 1',
  resnext101_32x4d: 'fb_ssl_yfcc100m_ft_in1k 9, untrained 18, fb_swsl_ig1b_ft_in1k 9, gluon_in1k 10',
  resnext101_32x8d:
    'tv_in1k 8, tv2_in1k 14, fb_wsl_ig1b_ft_in1k 9, fb_ssl_yfcc100m_ft_in1k 9, fb_swsl_ig1b_ft_in1k 9',
  resnext101_32x16d: 'fb_wsl_ig1b_ft_in1k 9, fb_ssl_yfcc100m_ft_in1k 9, fb_swsl_ig1b_ft_in1k 9',
  resnext101_32x32d: 'fb_wsl_ig1b_ft_in1k 9',
  resnext101_64x4d: 'c1_in1k 2, tv_in1k 8, gluon_in1k 10',
  senet154: 'gluon_in1k 10',
  seresnet18: 'untrained 18',
  seresnet34: 'untrained 18',
  seresnet50: 'a1_in1k 2, a2_in1k 2, a3_in1k 3, ra2_in1k 1',
  seresnet50t: 'untrained 18',
  seresnet101: 'untrained 18',
  seresnet152: 'untrained 18',
  seresnet152d: 'ra2_in1k 19',
  seresnet200d: 'untrained 27',
  seresnet269d: 'untrained 27',
  seresnetaa50d: 'untrained 18',
  seresnext26d_32x4d: 'bt_in1k 1',
  seresnext26t_32x4d: 'bt_in1k 1',
  seresnext50_32x4d: 'racm_in1k 1, gluon_in1k 10',
  seresnext101_32x4d: 'gluon_in1k 10, untrained 18',
  seresnext101_32x8d: 'ah_in1k 2',
  seresnext101_64x4d: 'gluon_in1k 10',
  seresnext101d_32x8d: 'ah_in1k 2',
  seresnextaa101d_32x8d: 'sw_in12k_ft_in1k_288 28, sw_in12k_ft_in1k 29, sw_in12k 20, ah_in1k 2',
  seresnextaa201d_32x8d: 'sw_in12k_ft_in1k_384 30, sw_in12k 31',
  test_resnet: 'r160_in1k 32',
  wide_resnet50_2: 'racm_in1k 1, tv_in1k 8, tv2_in1k 14',
  wide_resnet101_2: 'tv_in1k 8, tv2_in1k 14',
  resnetv2_18: 'ra4_e3600_r224_in1k 11',
  resnetv2_18d: 'ra4_e3600_r224_in1k 11',
  resnetv2_34: 'ra4_e3600_r224_in1k 11',
  resnetv2_34d: 'ra4_e3600_r224_in1k 11, ra4_e3600_r384_in1k 33',
  resnetv2_50: 'a1h_in1k 17',
  resnetv2_50d: 'untrained 34',
  resnetv2_50d_gn: 'ah_in1k 17',
  resnetv2_50t: 'untrained 34',
  resnetv2_50x1_bit: 'goog_distilled_in1k 35, goog_in21k_ft_in1k 36, goog_in21k 37',
  resnetv2_50x3_bit: 'goog_in21k_ft_in1k 36, goog_in21k 37',
  resnetv2_101: 'a1h_in1k 17',
  resnetv2_101d: 'untrained 34',
  resnetv2_101x1_bit: 'goog_in21k_ft_in1k 36, goog_in21k 37',
  resnetv2_101x3_bit: 'goog_in21k_ft_in1k 36, goog_in21k 37',
  resnetv2_152: 'untrained 34',
  resnetv2_152d: 'untrained 34',
  resnetv2_152x2_bit:
    'goog_teacher_in21k_ft_in1k 35, goog_teacher_in21k_ft_in1k_384 38, goog_in21k_ft_in1k 36, goog_in21k 37',
  resnetv2_152x4_bit: 'goog_in21k_ft_in1k 39, goog_in21k 37'
}
