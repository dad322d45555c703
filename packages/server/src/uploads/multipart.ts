// Reads a form of files (multipart/form-data, RFC 7578) as it arrives: each file a stream of bytes, never held as a whole. Takes
// files alone: what is not one is refused, so that no choice is overlooked in a place where nobody reads it.
import { Refusal } from '@spillway/core'

export type FormPart = { readonly name: string; readonly pieces: AsyncGenerator<Uint8Array> }

const HEAD_BYTES_MAX = 16 * 1024
const PARTS_MAX = 100

/** The boundary of a form; undefined for another type. @throws Refusal `bad-command` for a form without one. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return undefined
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw broken('its content-type names no boundary')
  return boundary
}

/** Each part must be read to its end before the next is asked for. @throws Refusal `bad-command`. */
export async function* formParts(body: AsyncIterator<Uint8Array>, boundary: string): AsyncGenerator<FormPart> {
  const reader = new FormReader(body, Buffer.from(`\r\n--${boundary}`, 'latin1'))
  for (let count = 1; await reader.begin(); count += 1) {
    if (count > PARTS_MAX) throw broken(`it has more than ${PARTS_MAX} files`)
    const name = fileNameOf(await reader.head())
    yield { name, pieces: reader.pieces() }
  }
}

class FormReader {
  readonly #body: AsyncIterator<Uint8Array>
  readonly #delimiter: Buffer
  // As if a line break stood before the first boundary, which may have none.
  #rest: Buffer = Buffer.from('\r\n')
  #isFirst = true
  #isPartOpen = false

  constructor(body: AsyncIterator<Uint8Array>, delimiter: Buffer) {
    this.#body = body
    this.#delimiter = delimiter
  }

  /** Goes behind the next boundary; false behind the last. */
  async begin(): Promise<boolean> {
    if (this.#isFirst) for await (const _ of this.#until(this.#delimiter));
    else if (this.#isPartOpen) for await (const _ of this.pieces());
    this.#isFirst = false
    while (this.#rest.length < 2) await this.#more()
    if (this.#rest.subarray(0, 2).toString('latin1') === '--') return false
    const end = await this.#find(Buffer.from('\r\n'), 200)
    if (this.#rest.subarray(0, end).toString('latin1').trim() !== '')
      throw broken('a boundary is followed by something')
    this.#rest = this.#rest.subarray(end + 2)
    this.#isPartOpen = true
    return true
  }

  async head(): Promise<string> {
    const end = await this.#find(Buffer.from('\r\n\r\n'), HEAD_BYTES_MAX)
    const head = this.#rest.subarray(0, end).toString('utf8')
    this.#rest = this.#rest.subarray(end + 4)
    return head
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    yield* this.#until(this.#delimiter)
    this.#isPartOpen = false
  }

  /** What stands before `mark`, and goes behind it. */
  async *#until(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#rest.indexOf(mark)
      if (at !== -1) {
        if (at > 0) yield this.#rest.subarray(0, at)
        this.#rest = this.#rest.subarray(at + mark.length)
        return
      }
      // The mark may have begun at the end.
      const sure = this.#rest.length - mark.length + 1
      if (sure > 0) {
        yield this.#rest.subarray(0, sure)
        this.#rest = this.#rest.subarray(sure)
      }
      await this.#more()
    }
  }

  async #find(mark: Buffer, bytesMax: number): Promise<number> {
    for (let at = this.#rest.indexOf(mark); ; at = this.#rest.indexOf(mark)) {
      if (at !== -1 && at <= bytesMax) return at
      if (at !== -1 || this.#rest.length > bytesMax) throw broken('the head of a part is too long')
      await this.#more()
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#body.next()
    if (done) throw broken('it breaks off')
    this.#rest = Buffer.concat([this.#rest, value])
  }
}

/** @throws Refusal `bad-command` for a part that is no file. */
function fileNameOf(head: string): string {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1] ?? ''
  const [, quoted, plain] = /;?\s*filename=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(disposition) ?? []
  const name = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain
  if (name !== undefined) return name
  throw broken('a part of it is no file; say what is to be done with them in the query')
}

function broken(reason: string): Refusal {
  return new Refusal('bad-command', `The form cannot be read: ${reason}.`, {
    hint: 'Send files as multipart/form-data, or one file as the body with its name in the query.',
  })
}
