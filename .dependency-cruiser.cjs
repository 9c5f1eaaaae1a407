// "Imports point inwards" (docs/architecture.md), as rules. test/lint/dependency-rules.test.ts proves that they bite.

/** Which of our folders a folder may import besides itself. */
const mayImport = {
  domain: [],
  config: ['domain'],
  manifests: ['domain'],
  promotion: ['domain', 'config', 'manifests'],
  github: ['domain', 'config', 'manifests', 'promotion'],
  http: ['domain', 'config', 'manifests', 'promotion'],
  queue: ['domain', 'config', 'manifests', 'promotion', 'database'],
  notify: ['domain', 'promotion', 'database'],
  history: ['domain', 'config', 'manifests', 'promotion', 'database'],
  dashboard: ['domain', 'config', 'manifests', 'promotion'],
  webhooks: ['domain', 'promotion'],
  database: [],
  metrics: [],
  sandbox: [],
};

const inwards = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports-inwards`,
  comment: `src/${folder} may import of ours: ${allowed.join(', ') || 'nothing'}. Move the code inwards, or pass it in as an argument or port.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...inwards,
    {
      name: 'domain-is-pure',
      comment:
        'domain takes time, randomness and the outside world as arguments. Hashing is pure (Biome lets only createHash in), and so are semver, the distance of two words, Temporal without its Now, CEL and RE2.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: {
        pathNot: [
          '^src/',
          '^(node:)?crypto$',
          'node_modules/(@types/)?semver/',
          'node_modules/temporal-',
          'node_modules/fastest-levenshtein/',
          'node_modules/(@marcbachmann/cel-js|re2js)/',
        ],
      },
    },
    {
      name: 'only-cli-and-tests-use-the-sandbox',
      comment: 'The local GitHub is for the demo and the tests; the app must not know that it exists.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|sandbox)/' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'nothing-imports-the-edge',
      comment: 'src/index.ts and src/cli are where the wiring happens; only the cli starts the app.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/(cli/|index\\.ts$)' },
    },
    {
      name: 'src-does-not-import-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'src-does-not-import-dev-dependencies',
      comment: 'The image is built with `npm ci --omit=dev`: move the package to dependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'] },
    },
    {
      name: 'packages-are-declared',
      comment: 'Only packages that package.json names: a transitive one may go away with any update.',
      severity: 'error',
      from: { path: '^(src|test)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circular-imports',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'every-module-is-used',
      comment: 'Nothing that the program starts reaches this module: wire it in or delete it.',
      severity: 'error',
      from: { path: '^src/(index|cli/main)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(index|cli/main)\\.ts$', reachable: false },
    },
  ],
  options: {
    // dependency-cruiser 17 cannot use TypeScript 7 and then finds no imports at all, without a word.
    // https://github.com/sverweij/dependency-cruiser/blob/main/doc/options-reference.md#parser
    parser: 'swc',
    // test/contract is a package of its own, with what its tests need.
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/fixtures)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.mjs', '.cjs', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
