// Refused rows as a download: one CSV, or a zip of one for each table that has some.
import type { RejectedTable } from '@spillway/core'
import { encodeRejects, rejectsFileName } from '@spillway/formats'
import { streamOf } from '../http/stream-of.ts'
import { zipOf } from '../jobs/zip-of.ts'

type Named = { readonly name: string; readonly type: 'text/csv' | 'application/zip' }

export async function rejectsResponse(
  rows: ReadonlyArray<RejectedTable> | ReadableStream,
  named?: Named,
): Promise<Response> {
  if (rows instanceof ReadableStream) return download(rows, named ?? { name: 'rejects.csv', type: 'text/csv' })
  const [only] = rows
  if (only && rows.length === 1)
    return download(await streamOf(encodeRejects(only)), { name: rejectsFileName(only), type: 'text/csv' })
  return download(await streamOf(zipOf(entriesOf(rows))), { name: 'rejects.zip', type: 'application/zip' })
}

async function* entriesOf(tables: ReadonlyArray<RejectedTable>) {
  for (const table of tables) {
    let text = ''
    for await (const piece of encodeRejects(table)) text += piece
    yield { name: rejectsFileName(table), bytes: Buffer.from(text) }
  }
}

function download(body: ReadableStream, { name, type }: Named): Response {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '-')
  return new Response(body, {
    headers: {
      'content-type': type === 'text/csv' ? 'text/csv; charset=utf-8' : type,
      'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'no-store',
    },
  })
}
