// Import directions: core <- formats, engine <- server <- cli; web -> core, server/contract, server/client. Formats and engine meet
// only through core's ports.
// A package is resolved through its symbolic link in node_modules to packages/*/src; `not-resolved` keeps a wrong
// resolution from passing for an allowed import, and scripts/planted-violations.test.ts proves each rule on a planted one.

const TEST = '[.]test[.]ts$|^packages/[^/]+/test/'
const NOT_A_TEST = { pathNot: TEST }

module.exports = {
  forbidden: [
    {
      name: 'not-resolved',
      comment: 'An import that leads nowhere escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycle',
      comment: 'Modules in a circle can only be understood, tested and loaded together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-imports-no-package',
      comment: 'Core is the rules; it knows nothing of what reads, stores or shows.',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'core-does-no-io',
      comment: 'Core runs in a browser and gives the same result every time: no module of Node, no file, no clock.',
      severity: 'error',
      from: { path: '^packages/core/', ...NOT_A_TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-npm-dependencies',
      comment: 'Core rests on dates and schemas alone; another library is a decision to be recorded.',
      severity: 'error',
      from: { path: '^packages/core/', ...NOT_A_TEST },
      to: { path: 'node_modules/', pathNot: 'node_modules/(?:temporal-|zod/)' },
    },
    {
      name: 'formats-imports-core-only',
      comment: 'A format says what rows mean; it never sees a database or a command.',
      severity: 'error',
      from: { path: '^packages/formats/' },
      to: { path: '^packages/(?!formats/|core/)' },
    },
    {
      name: 'engine-imports-core-only',
      comment: "The engine never sees a vendor's column: it gets importers through core's port.",
      severity: 'error',
      from: { path: '^packages/engine/' },
      to: { path: '^packages/(?!engine/|core/)' },
    },
    {
      name: 'server-imports-no-command',
      comment: 'The command line starts the server, not the other way round.',
      severity: 'error',
      from: { path: '^packages/server/' },
      to: { path: '^packages/(?!server/|core/|formats/|engine/)' },
    },
    {
      name: 'contract-stands-alone',
      comment: 'The contract is all that the web app may import of the server: it must load in a browser.',
      severity: 'error',
      from: { path: '^packages/server/src/contract/', ...NOT_A_TEST },
      to: { path: '^packages/', pathNot: '^packages/(?:core/|server/src/contract/)' },
    },
    {
      name: 'client-stands-on-the-contract',
      comment: 'The client knows the server by its contract alone: it runs in programs that hold no workspace.',
      severity: 'error',
      from: { path: '^packages/server/src/client/', ...NOT_A_TEST },
      to: { path: '^packages/', pathNot: '^packages/(?:core/|server/src/(?:contract|client)/)' },
    },
    {
      name: 'web-knows-the-contract',
      comment: 'The screens are a client like any other: what they show comes over HTTP.',
      severity: 'error',
      from: { path: '^packages/web/', ...NOT_A_TEST },
      to: { path: '^packages/', pathNot: '^packages/(?:web/|core/|server/src/(?:contract|client)/)' },
    },
    {
      name: 'web-loads-no-schema',
      comment:
        'The contract gives the screens types, and the table of permissions, which loads nothing: its schemas would be a third of the first page.',
      severity: 'error',
      from: { path: '^packages/web/', ...NOT_A_TEST },
      to: {
        path: '^packages/server/src/contract/',
        pathNot: '^packages/server/src/contract/permissions[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'scopes-are-made-in-one-place',
      comment:
        'Whoever can make a scope can read everything: the command line, which holds the files, and the module that turns grants into scopes.',
      severity: 'error',
      from: { path: '^packages/server/', pathNot: `^packages/server/src/permissions/|${TEST}` },
      to: { path: '^packages/engine/src/workspace/scopes[.]ts$' },
    },
    {
      name: 'packages-stand-alone',
      comment: 'Scripts, benchmarks and examples use the packages, not the other way round.',
      severity: 'error',
      from: { path: '^packages/', ...NOT_A_TEST },
      to: { path: '^(?:scripts|benchmarks|examples)/' },
    },
    {
      name: 'package-by-its-name',
      comment:
        "A relative path into another package goes round what its index.ts offers; a test may use core's references and the reader of PDFs.",
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/',
        pathNot: '^packages/$1/|^packages/core/test/|^packages/formats/test/read-pdf',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'one-module-imports-duckdb',
      comment: 'Until a second warehouse exists, the folder warehouse/ is the port: nothing else knows the driver.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/engine/src/warehouse/|${TEST}` },
      to: { path: 'node_modules/@duckdb/' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'What a test and the product both need is not part of a test.',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: '[.]test[.]ts$|^packages/core/test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Only what we build ourselves: many libraries live in a folder called dist, and an excluded import breaks no rule.
    exclude: { path: ['^packages/[^/]+/dist/', '^coverage/', '^tmp/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type-only imports count: they couple as much as others, and go unseen once compiled.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // Without `types`: with it a package resolves to declarations in dist, and a forbidden import passes.
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
    },
  },
}
