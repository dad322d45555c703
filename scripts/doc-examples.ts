// Holds the code in our documents to what the code is: ```ts compiles, ```yaml with a `kind` is read by that kind's reader,
// and ```sh run is executed by doc-examples.test.ts. Other languages are left alone.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { KIND_READERS } from './document-kinds.ts'
import type { Finding } from './finding.ts'
import { type ProjectFile, projectFiles } from './project-files.ts'

export type CodeBlock = {
  readonly file: string
  /** Of the first line of code. */
  readonly line: number
  /** The words after the fence: `ts`, `sh run`. */
  readonly language: string
  readonly code: string
}

/** The fenced blocks of a document, in order. Indented fences (in lists) lose their indentation. */
function codeBlocksOf({ path, text }: Pick<ProjectFile, 'path' | 'text'>): ReadonlyArray<CodeBlock> {
  const blocks: CodeBlock[] = []
  let open: { line: number; language: string; fence: string; indent: number; code: string[] } | undefined
  for (const [index, line] of text().split('\n').entries()) {
    const fence = /^(\s*)(`{3,})\s*([^`]*)$/.exec(line)
    if (open && fence && (fence[2] ?? '').startsWith(open.fence) && fence[3]?.trim() === '') {
      blocks.push({ file: path, line: open.line, language: open.language, code: `${open.code.join('\n')}\n` })
      open = undefined
    } else if (open) open.code.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)))
    else if (fence) {
      const [, indent = '', mark = '', language = ''] = fence
      open = { line: index + 2, language: language.trim(), fence: mark, indent: indent.length, code: [] }
    }
  }
  return blocks
}

/** The blocks of all Markdown files, in order. */
export function allCodeBlocks(root: string): ReadonlyArray<CodeBlock> {
  return projectFiles(root)
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(codeBlocksOf)
}

/** Those whose language begins with `language`. */
export function codeBlocks(root: string, language: string): ReadonlyArray<CodeBlock> {
  return allCodeBlocks(root).filter((block) => block.language === language || block.language.startsWith(`${language} `))
}

function yamlFindings(block: CodeBlock): ReadonlyArray<Finding> {
  const found = (message: string): Finding => ({ rule: 'doc-example', file: block.file, line: block.line, message })
  return parseAllDocuments(block.code).flatMap((parsed): ReadonlyArray<Finding> => {
    const [error] = parsed.errors
    if (error) return [found(error.message.split('\n')[0] ?? 'not YAML')]
    const document: unknown = parsed.toJS()
    if (typeof document !== 'object' || document === null || !('kind' in document)) return []
    const kind = String(document.kind)
    const reader = KIND_READERS[kind]
    if (reader === undefined) return [found(`no document has the kind ${kind}`)]
    if (reader === null) return []
    try {
      return reader(document).map(found)
    } catch (error) {
      return [found(error instanceof Error ? error.message : String(error))]
    }
  })
}

/** Compiles the blocks with the project's own settings; a block keeps its line numbers by standing under blank lines. */
function tsFindings(root: string, blocks: ReadonlyArray<CodeBlock>): ReadonlyArray<Finding> {
  if (blocks.length === 0) return []
  // Under the root, so that packages resolve as they do for the project's own code; ignored by git.
  mkdirSync(join(root, 'tmp'), { recursive: true })
  const folder = mkdtempSync(join(root, 'tmp', 'doc-examples-'))
  try {
    const byName = new Map(blocks.map((block, index) => [`block-${index}.ts`, block]))
    for (const [name, { code, line }] of byName) {
      writeFileSync(join(folder, name), `${'\n'.repeat(line - 1)}${code}export {}\n`)
    }
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    const settings = { extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'], exclude: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    const compiler = join(root, 'node_modules', 'ts7', 'bin', 'tsc')
    const run = spawnSync(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    })
    const findings = [...run.stdout.matchAll(/^(\S+)\((\d+),\d+\): error (.*)$/gm)].map(
      ([, name = '', line, message]) => ({
        rule: 'doc-example',
        file: byName.get(name)?.file ?? name,
        line: Number(line),
        message: message ?? '',
      }),
    )
    if (run.status === 0 || findings.length > 0) return findings
    return [{ rule: 'doc-example', file: 'tsconfig.json', line: 0, message: `${run.stdout}${run.stderr}`.trim() }]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What does not hold among the examples of every Markdown file under `root`; runs the compiler once. */
export function brokenExamples(root: string): ReadonlyArray<Finding> {
  return [...tsFindings(root, codeBlocks(root, 'ts')), ...codeBlocks(root, 'yaml').flatMap(yamlFindings)]
}
