// Writes beside the pages which files each screen has beyond the first page (screens.json), for the server to name them in its page.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

type Chunk = Rolldown.OutputChunk & { readonly viteMetadata?: { readonly importedCss: Iterable<string> } }

export function screensOfBuild(list: string): Plugin {
  let root = ''
  return {
    name: 'spillway:screens-of-build',
    apply: 'build',
    configResolved: (config) => {
      root = config.root
    },
    generateBundle: {
      // After the styles of each piece are known.
      order: 'post',
      handler(_, bundle) {
        const chunks = new Map(
          Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one as Chunk] as const] : [])),
        )
        const first = withImports(
          chunks,
          [...chunks.values()].find(({ isEntry }) => isEntry),
        )
        const screens = [...screensIn(list)].map(([path, module]) => {
          const own = [...chunks.values()].find(
            ({ facadeModuleId }) => facadeModuleId !== null && relative(module, facadeModuleId) === '',
          )
          if (own === undefined) this.error(`${relative(root, module)} answers ${path} and is no piece of its own.`)
          const files = [...withImports(chunks, own)].filter((chunk) => !first.has(chunk))
          return {
            path,
            scripts: files.map(({ fileName }) => `/${fileName}`),
            styles: [...new Set(files.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]))].map(
              (file) => `/${file}`,
            ),
          }
        })
        this.emitFile({ type: 'asset', fileName: 'screens.json', source: JSON.stringify(screens) })
      },
    },
  }
}

/** A chunk and whatever it loads with it. */
function withImports(chunks: ReadonlyMap<string, Chunk>, from: Chunk | undefined): ReadonlySet<Chunk> {
  const found = new Set<Chunk>()
  const add = (chunk: Chunk | undefined) => {
    if (chunk === undefined || found.has(chunk)) return
    found.add(chunk)
    for (const name of chunk.imports) add(chunks.get(name))
  }
  add(from)
  return found
}

/** Address and file of each entry of the list. @throws for an entry that is written otherwise, which would be left out. */
function* screensIn(list: string): Iterable<readonly [string, string]> {
  const text = readFileSync(list, 'utf8')
  const entries = [...text.matchAll(/^ {2}'([^']+)': \(\) => import\('([^']+)'\),$/gm)]
  const imports = text.match(/\bimport\(/g)?.length ?? 0
  if (entries.length === 0 || entries.length !== imports)
    throw new Error(`${list}: ${imports} screens, of which ${entries.length} are written as the build reads them.`)
  for (const [, path = '', file = ''] of entries) yield [path, join(dirname(list), file)]
}
