// Reads the body of a request in bounded memory: as a whole up to a limit, or line by line however long it is. Text is UTF-8;
// what is not is refused, never replaced.
import { Refusal } from '@spillway/core'

type Body = ReadableStream<Uint8Array> | null

/** @throws Refusal `too-large`, `bad-command`. */
export async function readWhole(request: Request, { bytesMax }: { readonly bytesMax: number }): Promise<string> {
  const told = request.headers.get('content-length')
  if (told !== null && Number(told) > bytesMax) throw tooLarge(bytesMax)
  // With its length told, no more than that can come.
  if (told !== null) return decoded(new Uint8Array(await request.arrayBuffer()))
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of piecesOf(request.body)) {
    bytes += piece.byteLength
    if (bytes > bytesMax) throw tooLarge(bytesMax)
    pieces.push(piece)
  }
  return decoded(Buffer.concat(pieces))
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('bad-command', 'The body is not UTF-8.', { hint: 'Send it as UTF-8.' })
  }
}

export type NumberedLine = { readonly line: number; readonly text: string }

/**
 * Lines that are not blank, in groups of about `bytesPerGroup`, numbered from 1.
 * @throws Refusal `too-large` for a line, `bad-command`.
 */
export async function* lineGroups(
  body: Body,
  { lineBytesMax, bytesPerGroup }: { readonly lineBytesMax: number; readonly bytesPerGroup: number },
): AsyncGenerator<ReadonlyArray<NumberedLine>> {
  let rest: Uint8Array = new Uint8Array(0)
  let line = 0
  let group: NumberedLine[] = []
  let bytes = 0
  const take = (piece: Uint8Array) => {
    line += 1
    if (piece.byteLength > lineBytesMax) throw tooLarge(lineBytesMax, line)
    const text = decoded(piece).trim()
    if (text !== '') group.push({ line, text })
    bytes += piece.byteLength
  }
  for await (const piece of piecesOf(body)) {
    let from = 0
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, from)) {
      const own = piece.subarray(from, end)
      take(rest.byteLength === 0 ? own : Buffer.concat([rest, own]))
      rest = new Uint8Array(0)
      from = end + 1
      if (bytes < bytesPerGroup) continue
      yield group
      group = []
      bytes = 0
    }
    if (from < piece.byteLength) rest = Buffer.concat([rest, piece.subarray(from)])
    if (rest.byteLength > lineBytesMax) throw tooLarge(lineBytesMax, line + 1)
  }
  if (rest.byteLength > 0) take(rest)
  if (group.length > 0) yield group
}

const NEWLINE = 0x0a

export async function* piecesOf(body: Body): AsyncGenerator<Uint8Array> {
  if (body === null) return
  const reader = body.getReader()
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value
  } finally {
    // Whoever stops half-way wants no more of it; a body that broke off has said so already.
    await Promise.allSettled([reader.cancel()])
  }
}

function tooLarge(bytesMax: number, line?: number): Refusal {
  const what = line === undefined ? 'The body' : `Line ${line}`
  return new Refusal('too-large', `${what} is larger than ${bytesMax} bytes.`, { hint: 'Send less at once.' })
}
