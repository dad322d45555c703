// Finds relative links and anchors in Markdown that lead nowhere. Addresses on the web are not fetched: a check that
// needs the network fails for reasons that are not ours.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Finding } from './finding.ts'
import { projectFiles } from './project-files.ts'

type Line = { readonly line: number; readonly text: string }

/** Lines of a document with fenced code left out and code spans blanked. */
function proseOf(text: string): ReadonlyArray<Line> {
  let fence = ''
  const lines: Line[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark !== undefined && fence === '') fence = mark
    else if (mark?.startsWith(fence)) fence = ''
    else if (fence === '') lines.push({ line: index + 1, text: line })
  }
  return lines
}

/** The anchors of a document as GitHub makes them: lower case, punctuation dropped, blanks to hyphens, repeats numbered. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  const seen = new Map<string, number>()
  for (const { text: line } of proseOf(text)) {
    for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) if (id !== undefined) anchors.add(id)
    const title = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
    if (title === undefined) continue
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '')
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-')
    const repeats = seen.get(slug) ?? 0
    seen.set(slug, repeats + 1)
    anchors.add(repeats === 0 ? slug : `${slug}-${repeats}`)
  }
  return anchors
}

function targetsOf(text: string): ReadonlyArray<{ readonly line: number; readonly target: string }> {
  return proseOf(text).flatMap(({ line, text: raw }) => {
    const prose = raw.replace(/(`+)[^`].*?\1/g, '')
    const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
    const references = [...prose.matchAll(/^\s*\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/g)]
    return [...inline, ...references].flatMap(([, target]) => (target === undefined ? [] : [{ line, target }]))
  })
}

/** Why `target`, as written in `file`, leads nowhere; undefined where it leads somewhere. */
function brokenBecause(root: string, file: string, target: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined
  const [path = '', anchor = ''] = decodeURIComponent(target).split('#')
  const from = join(root, file)
  const to = path === '' ? from : path.startsWith('/') ? join(root, path) : resolve(dirname(from), path)
  if (relative(root, to).startsWith('..')) return `${target} leads out of the project`
  if (!existsSync(to)) return `${target} is not there`
  if (anchor === '' || statSync(to).isDirectory() || !to.endsWith('.md')) return undefined
  return anchorsOf(readFileSync(to, 'utf8')).has(anchor) ? undefined : `${target}: no such heading`
}

/** Every relative link of every Markdown file under `root` that leads to no file or no heading. */
export function brokenLinks(root: string): ReadonlyArray<Finding> {
  return projectFiles(root)
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((file) =>
      targetsOf(file.text()).flatMap(({ line, target }) => {
        const message = brokenBecause(root, file.path, target)
        return message === undefined ? [] : [{ rule: 'broken-link', file: file.path, line, message }]
      }),
    )
}
