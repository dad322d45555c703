// The tidy rules that one line of a file can break. A rule that needs more than a line stands in tidy.ts.

export type LineRule = {
  readonly rule: string
  readonly where: (path: string) => boolean
  readonly pattern: RegExp
  readonly reason: string
  readonly includesComments: boolean
}

/** These two spell out what the rules forbid. */
const isRuleBook = (path: string) => /^scripts\/(?:tidy-lines|planted-violations\.test)\.ts$/.test(path)
const isSource = (path: string) => /\.(?:tsx?|mjs|cjs|js)$/.test(path) && !isRuleBook(path)
const isText = (path: string) =>
  /\.(?:tsx?|mjs|cjs|js|json|md|yaml|css|sh)$|^\.ci\//.test(path) && path !== 'package-lock.json' && !isRuleBook(path)
const isTest = (path: string) => path.endsWith('.test.ts') && !isRuleBook(path)
const isProduct = (path: string) => /^packages\/[^/]+\/src\//.test(path) && isSource(path) && !isTest(path)
const isImport = (path: string) =>
  isProduct(path) && /^packages\/(?:formats\/src|engine\/src\/stages\/import|core\/src\/facts)\//.test(path)

const money = String.raw`(?:\w+\.)?\w+_minor\b`

export const LINE_RULES: ReadonlyArray<LineRule> = [
  {
    rule: 'sql-divides-money',
    where: isProduct,
    pattern: new RegExp(String.raw`${money}\s*\)*\s*/(?![/*])|/\s*\(*\s*${money}|\bavg\s*\([^)]*${money}`, 'i'),
    reason: 'DuckDB divides and averages in DOUBLE; SQL adds, TypeScript divides and rounds',
    includesComments: false,
  },
  {
    rule: 'sql-casts-money',
    where: isProduct,
    pattern: new RegExp(
      String.raw`(?:${money}\s*\)*\s*::|cast\s*\(\s*(?:sum\s*\(\s*)?${money}\s*\)?\s+as\s+)\s*(?:double|float|real|decimal|numeric|integer|int\b)|\bround\s*\([^)]*${money}`,
      'i',
    ),
    reason: 'a cast or rounding of money in SQL can change it silently; read it as it is stored, BIGINT',
    includesComments: false,
  },
  {
    rule: 'sql-sums-over-all',
    where: isProduct,
    pattern: /\b(?:count|sum|min|max)\s*\((?:[^()]|\([^()]*\))*\)\s*OVER\s*\(\s*\)/i,
    reason:
      'DuckDB 1.5.5 fails now and then on a sum over all rows of a union, and the database with it (duckdb#22352): ask beside the rows, of a MATERIALIZED one',
    includesComments: false,
  },
  {
    rule: 'money-as-number',
    where: isProduct,
    pattern:
      /\bparseFloat\s*\(|\bNumber\s*\(\s*[\w.?[\]']*(?:amount|minor|money|price)[\w.?[\]']*\s*\)|\b\w*Minor\??:\s*number\b/i,
    reason: 'money is bigint minor units; a number is wrong above 2^53 and in its fractions',
    includesComments: false,
  },
  {
    rule: 'zero-for-unreadable',
    where: isImport,
    // Counting in a map of our own (`counts.get(key) ?? 0`) and the length of what is not there read no outside data.
    pattern: /(?:^|(?<!\.get\([^()]*\)|\?\.length))\s(?:\?\?|\|\|)\s*0n?\b/,
    reason: 'nothing unreadable becomes 0: return a problem',
    includesComments: false,
  },
  {
    rule: 'swallowed-error',
    where: isProduct,
    pattern: /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\.catch\(\s*\(\w*\)\s*=>\s*(?:\{\s*\}|undefined|null)\s*\)/,
    reason: 'an error that nobody hears loses a row or a file: return a problem, or say in the block why it may pass',
    includesComments: false,
  },
  {
    rule: 'leftover',
    where: isText,
    pattern: /\b(?:TODO|FIXME|HACK)\b/,
    reason: 'finish it, or open an issue',
    includesComments: true,
  },
  {
    rule: 'test-left-out',
    where: isTest,
    pattern: /\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo|fails)\b|\b(?:xit|xdescribe|fit|fdescribe)\(/,
    reason: 'every test runs; one that cannot says so with context.skip(reason)',
    includesComments: false,
  },
  {
    rule: 'suppression',
    where: isSource,
    pattern: /@ts-(?:ignore|nocheck)|biome-ignore|istanbul ignore|v8 ignore/,
    reason: 'mend what the tool found',
    includesComments: true,
  },
  {
    rule: 'banned-name',
    where: isSource,
    pattern: /^export (?:abstract )?(?:class|function|const|type|interface) \w*(?:Manager|Processor|Helpers?|Utils?)\b/,
    reason: 'name what it does',
    includesComments: false,
  },
  {
    rule: 'machine-path',
    where: isText,
    pattern: /(?:^|[\s'"`(=])\/(?:home|root|Users|work|workspace|mnt)\/|\.\.\/shared\//,
    reason: 'a path of one machine; another has none',
    includesComments: true,
  },
]
