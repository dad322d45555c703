// Lists the files of a project: what git tracks or would track; without git, all but what is built or installed.
// Contents are read when asked for, since most rules look at few files.
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type ProjectFile = {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly bytes: number
  readonly text: () => string
}

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git', 'tmp'])

function walk(root: string, folder: string): ReadonlyArray<string> {
  const paths: string[] = []
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) paths.push(...walk(root, path))
    else if (entry.isFile()) paths.push(path)
  }
  return paths
}

function fromGit(root: string): ReadonlyArray<string> {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

/** The files under `root` in the order of their paths; symbolic links are left out. */
export function projectFiles(root: string): ReadonlyArray<ProjectFile> {
  const paths = existsSync(join(root, '.git')) ? fromGit(root) : walk(root, '')
  const files: ProjectFile[] = []
  for (const path of [...new Set(paths)].sort()) {
    const absolute = join(root, path)
    const stats = lstatSync(absolute)
    if (stats.isFile()) files.push({ path, bytes: stats.size, text: () => readFileSync(absolute, 'utf8') })
  }
  return files
}
