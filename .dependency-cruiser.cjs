// The house as rules: a folder imports only what stands below it, nothing goes round in circles, and heavy packages
// are touched by the one part that needs them.

/** What each floor of src/ may import beside itself, from the ground up. */
const GROUND = ['base', 'tensor']
const FLOORS = {
  base: [],
  tensor: ['base'],
  ir: GROUND,
  autodiff: [...GROUND, 'ir'],
  passes: [...GROUND, 'ir'],
  onnx: [...GROUND, 'ir'],
  nn: [...GROUND, 'ir'],
  optim: [...GROUND, 'ir', 'nn'],
  platform: GROUND,
  weights: [...GROUND, 'platform'],
  images: [...GROUND, 'platform'],
  data: [...GROUND, 'platform', 'images'],
  models: [...GROUND, 'ir', 'nn', 'weights', 'images'],
  runtime: [...GROUND, 'platform'],
  compile: [...GROUND, 'ir', 'passes', 'onnx', 'nn', 'runtime'],
  train: [
    ...GROUND,
    'ir',
    'autodiff',
    'nn',
    'optim',
    'platform',
    'weights',
    'images',
    'data',
    'runtime',
    'compile',
    'networks'
  ],
  networks: [...GROUND, 'ir', 'nn', 'platform', 'weights', 'images', 'models', 'runtime', 'compile'],
  inspect: [...GROUND, 'ir', 'nn', 'platform', 'models', 'runtime', 'compile'],
  explain: [
    ...GROUND,
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
    'compile',
    'train'
  ],
  pages: [...GROUND, 'nn', 'train', 'inspect', 'explain'],
  cli: [
    ...GROUND,
    'ir',
    'nn',
    'optim',
    'platform',
    'weights',
    'images',
    'data',
    'models',
    'runtime',
    'compile',
    'networks',
    'train',
    'inspect',
    'explain',
    'pages'
  ]
}

const floorRules = Object.entries(FLOORS).map(([floor, below]) => ({
  name: `floor-${floor}`,
  comment: `src/${floor} imports only ${below.length > 0 ? below.join(', ') : 'itself'}`,
  severity: 'error',
  from: { path: `^src/${floor}/`, pathNot: '\\.test\\.ts$|/testing/' },
  to: {
    path: '^src/',
    pathNot: `^src/(${[floor, ...below].join('|')})/`
  }
}))

/** Packages that only one part may load, so that importing the rest pulls none of them. */
const CONFINED = {
  'onnxruntime-node': '^src/runtime/ort-node-worker\\.ts$',
  'onnxruntime-web': '^src/runtime/ort-(wasm|webgpu)-worker\\.ts$',
  sharp: '^src/platform/node/images\\.ts$',
  'onnx-buf': '^src/onnx/',
  '@resvg/resvg-js': '^src/platform/node/',
  commander: '^src/cli/',
  preact: '^src/pages/',
  'preact-render-to-string': '^src/pages/page\\.tsx$',
  uplot: '^src/pages/charts/(draw-charts\\.script|load-plot)\\.ts$',
  send: '^src/cli/explore/answering\\.ts$'
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
      name: 'pages-read-records',
      comment: 'of training, a page knows what a run has written down',
      severity: 'error',
      from: { path: '^src/pages/' },
      to: { path: '^src/train/', pathNot: '^src/train/record/(record|confusion)\\.ts$' }
    },
    {
      name: 'nothing-imports-the-entries',
      comment: 'index.ts and api/ are for users',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(index\\.ts$|api/)' }
    },
    {
      name: 'outside-by-name',
      comment: 'test, examples, bench and the page see the package as its users do',
      severity: 'error',
      from: { path: '^(test|examples|bench|apps)/' },
      to: { path: '^src/', pathNot: '^src/(index\\.ts$|api/)' }
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
        pathNot: '^src/(platform/node/|runtime/ort-node-worker|cli/)|\\.test\\.ts$|/testing/'
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
