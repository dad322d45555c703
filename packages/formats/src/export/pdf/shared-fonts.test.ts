import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'
import { expect, it } from 'vitest'
import { shareFonts } from './shared-fonts.ts'

const folder = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')
const created = (words: string) => ({
  info: { creationDate: new Date(0) },
  content: [{ text: words, bold: true }, words, { text: words, italics: true }, `${words} AV fi 1,234.56`],
})

it('documents that share opened fonts have the bytes of documents that do not', async () => {
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(folder))
  pdfmake.setFonts({
    Roboto: {
      normal: join(folder, 'Roboto-Regular.ttf'),
      bold: join(folder, 'Roboto-Medium.ttf'),
      italics: join(folder, 'Roboto-Italic.ttf'),
      bolditalics: join(folder, 'Roboto-MediumItalic.ttf'),
    },
  })
  const write = async (words: string) => (await pdfmake.createPdf(created(words)).getBuffer()).toString('latin1')
  const alone = [await write('Wave'), await write('other letters')]
  const first: unknown = await pdfmake.createPdf(created('x')).getStream()
  shareFonts(first)
  shareFonts(first)
  // The first document after it opens the fonts for all, the others share them; order does not matter.
  await write('opens them')
  expect([await write('Wave'), await write('other letters')]).toEqual(alone)
  expect([await write('other letters'), await write('Wave')]).toEqual([...alone].reverse())
})
