// The house as rules: a folder imports only what stands below it, nothing goes round in circles, and heavy packages
// are touched by the one part that needs them.

/** What each floor of src/ may import, itself included. */
const FLOORS = {
  tensor: [],
  ir: ['tensor'],
  autodiff: ['tensor', 'ir'],
  passes: ['tensor', 'ir'],
  onnx: ['tensor', 'ir'],
  nn: ['tensor', 'ir'],
  platform: ['tensor'],
  weights: ['tensor', 'platform'],
  images: ['tensor', 'platform'],
  optim: ['tensor', 'ir', 'nn'],
  data: ['tensor', 'platform', 'images'],
  models: ['tensor', 'ir', 'nn', 'images', 'weights'],
  runtime: ['tensor', 'platform'],
  report: ['tensor'],
  train: [
    'tensor',
    'ir',
    'autodiff',
    'nn',
    'optim',
    'weights',
    'images',
    'data',
    'runtime',
    'report',
    'platform'
  ],
  inspect: ['tensor', 'ir', 'nn', 'models', 'platform', 'report'],
  explain: [
    'tensor',
    'ir',
    'autodiff',
    'nn',
    'optim',
    'platform',
    'weights',
    'images',
    'data',
    'models',
    'runtime',
    'report',
    'train'
  ],
  cli: [
    'tensor',
    'ir',
    'nn',
    'platform',
    'weights',
    'images',
    'models',
    'runtime',
    'inspect',
    'data',
    'optim',
    'report',
    'train',
    'explain'
  ]
}
const JUNCTION = '^src/(compile|classifier|checkpoint-classifier|compare-networks)\\.ts$'

const floorRules = Object.entries(FLOORS).map(([floor, below]) => ({
  name: `floor-${floor}`,
  comment: `src/${floor} imports only ${below.length > 0 ? below.join(', ') : 'itself'}`,
  severity: 'error',
  from: { path: `^src/${floor}/`, pathNot: '\\.test\\.ts$|/testing/' },
  to: {
    path: '^src/',
    pathNot: [
      `^src/(${[floor, ...below].join('|')})/`,
      ...(['cli', 'train', 'explain'].includes(floor) ? [JUNCTION] : [])
    ]
  }
}))

/** Packages that only one part may load, so that importing the rest pulls none of them. */
const CONFINED = {
  'onnxruntime-node': '^src/runtime/ort-node-worker\\.ts$',
  'onnxruntime-web': '^src/runtime/ort-(wasm|webgpu)-worker\\.ts$',
  sharp: '^src/platform/node-images\\.ts$',
  'onnx-buf': '^src/onnx/',
  '@resvg/resvg-js': '^src/platform/node-',
  'fastest-levenshtein': '^src/tensor/nearest-names\\.ts$',
  commander: '^src/cli/',
  sirv: '^src/cli/exploring/serve\\.ts$'
}

const confinedRules = Object.entries(CONFINED).map(([name, path]) => ({
  name: `confined-${name}`,
  comment: `only ${path} touches ${name}`,
  severity: 'error',
  from: { path: '^src/', pathNot: [path, '\\.test\\.ts$|/testing/'] },
  to: { path: `node_modules/${name}/` }
}))

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'modules that import each other cannot be read one at a time',
      severity: 'error',
      from: {},
      to: { circular: true }
    },
    ...floorRules,
    ...confinedRules,
    {
      name: 'nothing-imports-the-barrel',
      comment: 'index.ts is for users',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index\\.ts$' }
    },
    {
      name: 'outside-by-name',
      comment: 'test, examples, bench and the page see the package as its users do',
      severity: 'error',
      from: { path: '^(test|examples|bench|apps)/' },
      to: { path: '^src/', pathNot: '^src/index\\.ts$' }
    },
    {
      name: 'page-without-the-library',
      comment: "the page's main thread stays free: the library runs in the workers of apps/explorer/src/lab",
      severity: 'error',
      from: { path: '^apps/explorer/src/', pathNot: '^apps/explorer/src/lab/|\\.test\\.tsx?$' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'node-behind-the-platform',
      comment: "Node's own modules are reached through #platform, so that the rest runs in a browser",
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/(platform/node|runtime/ort-node-worker|cli/)|\\.test\\.ts$|/testing/'
      },
      to: { dependencyTypes: ['core'] }
    },
    {
      name: 'resolvable',
      comment: 'every import leads somewhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true }
    }
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '^dist'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default']
    }
  }
}
