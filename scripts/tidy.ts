// The rules of the house that no linter holds, as one pass over the project's files. Each rule stands beside the reason
// that it gives when it fails, so that a better idea can replace it. It judges text, not types: what a compiler, a linter,
// dependency-cruiser or knip can hold is left to them.
import type { Finding } from './finding.ts'
import { type ProjectFile, projectFiles } from './project-files.ts'
import { LINE_RULES } from './tidy-lines.ts'

const FILE_LINES_MAX = 400
const README_LINES_MAX = 200
const FILE_BYTES_MAX = 1_000_000

/** Files that may be larger, each with its reason. */
const LARGE_FILES: Readonly<Record<string, string>> = {}

const BANNED_NAMES = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'data', 'info', 'processor']
/** As the last word of a longer name these say as little; `data` may end one (`raw-data`). */
const BANNED_ENDINGS = BANNED_NAMES.filter((name) => name !== 'data' && name !== 'common')

const EXTENSIONS = new Set(
  'ts tsx mjs cjs js json md yaml css csv tsv txt ndjson sql sh xlsx zip gz png svg html gitignore npmrc'.split(' '),
)
const WITHOUT_EXTENSION = new Set(['LICENSE', '.ci/run'])

const isSource = (path: string) => /\.(?:tsx?|mjs|cjs|js)$/.test(path)
const isTest = (path: string) => path.endsWith('.test.ts')
/** Files as somebody else sends or stores them: their names and endings are not ours to choose. */
const isSample = (path: string) => /(?:^|\/)(?:samples|fixtures)\//.test(path) || path.startsWith('examples/')

type Rule = (files: ReadonlyArray<ProjectFile>) => ReadonlyArray<Finding>

function perFile(
  where: (path: string) => boolean,
  check: (file: ProjectFile) => ReadonlyArray<Omit<Finding, 'file'>>,
): Rule {
  return (files) =>
    files
      .filter(({ path }) => where(path))
      .flatMap((file) => check(file).map((finding) => ({ ...finding, file: file.path })))
}

/** The comment at the top of a source file, '' where there is none. */
function headerOf(text: string): string {
  const body = text.replace(/^#!.*\n/, '')
  return /^(?:\/\/.*\n)+|^\/\*[\s\S]*?\*\//.exec(body)?.[0] ?? ''
}

const fileLength = perFile(isSource, (file) => {
  const text = file.text()
  const lines = text.split('\n').length - 1
  if (lines <= FILE_LINES_MAX || /\bLong because\b/.test(headerOf(text))) return []
  const message = `${lines} lines; over ${FILE_LINES_MAX} the header must say "Long because ...", or the file is split`
  return [{ rule: 'file-length', line: 0, message }]
})

const header = perFile(
  (path) => isSource(path) && !isTest(path) && !path.endsWith('.config.ts') && !isSample(path),
  (file) => {
    const text = file.text()
    const hasLogic = /^(?:export )?(?:default )?(?:async )?(?:function|class)\b|^(?:export )?const .*=>/m.test(text)
    if (!hasLogic || headerOf(text) !== '') return []
    return [{ rule: 'header', line: 1, message: 'say at the top what this file is for and what it refuses to do' }]
  },
)

const names: Rule = (files) => {
  const findings: Finding[] = []
  for (const { path } of files) {
    const segments = path.split('/').map((segment) => segment.replace(/^\./, ''))
    for (const segment of segments) {
      const stem = segment.split('.')[0] ?? segment
      const words = stem.toLowerCase().split(/[-_]/)
      const last = words.at(-1) ?? ''
      if (BANNED_NAMES.includes(stem.toLowerCase()) || (words.length > 1 && BANNED_ENDINGS.includes(last))) {
        findings.push({
          rule: 'banned-name',
          file: path,
          line: 0,
          message: `"${stem}" says nothing: name what it does`,
        })
      }
    }
    if (isSample(path) || /\.(?:csv|txt)$/.test(path)) continue
    const isCapital = /^(?:README|ARCHITECTURE|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^LICENSE$/.test(
      segments.at(-1) ?? '',
    )
    const odd = segments
      .slice(0, isCapital ? -1 : undefined)
      .find((name) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name))
    if (odd) findings.push({ rule: 'kebab-case', file: path, line: 0, message: `"${odd}" is not in kebab-case` })
  }
  return findings
}

const blobs = perFile(
  () => true,
  ({ path, bytes }) => {
    if (bytes <= FILE_BYTES_MAX || LARGE_FILES[path] !== undefined) return []
    return [
      { rule: 'large-file', line: 0, message: `${bytes} bytes; a clone carries it for ever: generate it instead` },
    ]
  },
)

const extensions = perFile(
  (path) => !isSample(path) && !WITHOUT_EXTENSION.has(path),
  ({ path }) => {
    const extension = /\.([^./]+)$/.exec(path)?.[1]
    if (extension !== undefined && EXTENSIONS.has(extension)) return []
    return [{ rule: 'odd-extension', line: 0, message: 'this ending is not on the list in scripts/tidy.ts' }]
  },
)

/** Lines outside of fenced code. */
function proseLines(text: string): ReadonlyArray<{ readonly line: number; readonly text: string }> {
  let isFenced = false
  const prose: { line: number; text: string }[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:```|~~~)/.test(line)) isFenced = !isFenced
    else if (!isFenced) prose.push({ line: index + 1, text: line })
  }
  return prose
}

const titles = perFile(
  (path) => path.endsWith('.md'),
  (file) => {
    const found = proseLines(file.text()).filter((line) => /^# /.test(line.text))
    if (found.length === 1) return []
    return [{ rule: 'one-title', line: found[1]?.line ?? 1, message: `${found.length} titles (# ...), not one` }]
  },
)

const packageReadmes: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const findings: Finding[] = []
  for (const { path } of files) {
    const folder = /^(packages\/[^/]+)\/package\.json$/.exec(path)?.[1]
    if (folder === undefined) continue
    const file = `${folder}/README.md`
    const lines = byPath.get(file)?.text().split('\n').length
    const rule = 'package-readme'
    if (lines === undefined) findings.push({ rule, file, line: 0, message: 'each package says what it owns' })
    else if (lines - 1 > README_LINES_MAX) {
      findings.push({ rule, file, line: 0, message: `${lines - 1} lines; ${README_LINES_MAX} at most` })
    }
  }
  return findings
}

const lockfile = perFile(
  (path) => path === 'package-lock.json',
  (file) =>
    file
      .text()
      .split('\n')
      .flatMap((text, index) =>
        /"resolved": "[a-z+]+:\/\//.test(text)
          ? [{ rule: 'lockfile-address', line: index + 1, message: 'a registry address; .npmrc leaves them out' }]
          : [],
      ),
)

/** Every code of ProblemFacts is written out in a test: a code that nothing provokes is a promise that nobody holds. */
const problemCodes: Rule = (files) => {
  const declared = files.find(({ path }) => path === 'packages/core/src/problem.ts')
  if (!declared) return []
  const lines = declared.text().split('\n')
  const start = lines.findIndex((line) => line.startsWith('export type ProblemFacts'))
  const end = lines.indexOf('}', start)
  const tests = files
    .filter(({ path }) => path.startsWith('packages/') && (isTest(path) || path.includes('/test/')))
    .map((file) => file.text())
  return lines.slice(start, end).flatMap((text, index) => {
    const code = /^ {2}'?([a-z-]+)'?: /.exec(text)?.[1]
    if (code === undefined || tests.some((test) => test.includes(`'${code}'`))) return []
    const message = `no test names '${code}'`
    return [{ rule: 'problem-code-tested', file: declared.path, line: start + index + 1, message }]
  })
}

const lineRules: Rule = (files) =>
  files.flatMap((file) => {
    const rules = LINE_RULES.filter((rule) => rule.where(file.path))
    if (rules.length === 0) return []
    return file
      .text()
      .split('\n')
      .flatMap((text, index) => {
        // A comment may name what the code may not do.
        const code = /^\s*(?:\/?\*|\/\/)/.test(text) ? '' : text.replace(/(^|\s)\/\/\s.*$/, '')
        return rules
          .filter((rule) => rule.pattern.test(rule.includesComments ? text : code))
          .map((rule) => ({ rule: rule.rule, file: file.path, line: index + 1, message: rule.reason }))
      })
  })

const RULES: ReadonlyArray<Rule> = [
  fileLength,
  header,
  names,
  blobs,
  extensions,
  titles,
  packageReadmes,
  lockfile,
  problemCodes,
  lineRules,
]

/** What is untidy under `root`, rule by rule; empty where all is well. */
export function tidy(root: string): ReadonlyArray<Finding> {
  const files = projectFiles(root)
  return RULES.flatMap((rule) => rule(files))
}
