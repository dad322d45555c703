// What another program finds in a PDF: poppler's pdftotext and pdfinfo. A test that needs them fails where they are missing.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The text of each page with the columns where they stand on the paper. @throws Error where poppler is not installed. */
export function pagesOf(pdf: Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-pdf-'))
  try {
    const file = join(folder, 'statement.pdf')
    writeFileSync(file, pdf)
    const text = execFileSync('pdftotext', ['-layout', '-enc', 'UTF-8', file, '-'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    return text.split('\f').slice(0, -1)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error('This test reads PDFs with pdftotext: install poppler-utils.', { cause: error })
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
