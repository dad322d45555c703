import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundaryOf, formParts } from './multipart.ts'

const BOUNDARY = 'x1'

function formOf(files: ReadonlyArray<{ name: string; bytes: Uint8Array }>): Buffer {
  const parts = files.map(({ name, bytes }) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]),
  )
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)])
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function read(bytes: Uint8Array, size = 7) {
  const files: Array<{ name: string; bytes: Uint8Array }> = []
  for await (const { name, pieces } of formParts(inPieces(bytes, size), BOUNDARY)) {
    const own: Uint8Array[] = []
    for await (const piece of pieces) own.push(piece)
    files.push({ name, bytes: new Uint8Array(Buffer.concat(own)) })
  }
  return files
}

describe('a form of files', () => {
  it('gives back what was put into it, however it is cut', async () => {
    // Few bytes, so that what looks like a boundary comes up.
    const bytes = fc
      .array(fc.constantFrom(...Buffer.from('\r\n-x1a')), { maxLength: 40 })
      .map((list) => new Uint8Array(list))
    const file = fc
      .record({ name: fc.constantFrom('a.csv', 'é; b.zip'), bytes })
      .filter(({ bytes: own }) => !Buffer.from(own).includes(`\r\n--${BOUNDARY}`))
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 50 }),
        async (files, size) => {
          expect(await read(formOf(files), size)).toEqual(files)
        },
      ),
    )
  })

  it('goes on with the next file where one was not read', async () => {
    const names: string[] = []
    const bytes = formOf(['a', 'b'].map((name) => ({ name, bytes: new Uint8Array(99) })))
    for await (const { name } of formParts(inPieces(bytes, 10), BOUNDARY)) names.push(name)
    expect(names).toEqual(['a', 'b'])
  })

  it.each([
    ['that breaks off', formOf([{ name: 'a', bytes: new Uint8Array(9) }]).subarray(0, 80), 'breaks off'],
    [
      'with a field',
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--${BOUNDARY}--`),
      'no file',
    ],
    ['with a head without end', Buffer.from(`--${BOUNDARY}\r\n${'x'.repeat(40_000)}`), 'too long'],
    ['of another boundary', Buffer.from('--y\r\n\r\n'), 'breaks off'],
    [
      'with too many files',
      formOf(Array.from({ length: 101 }, () => ({ name: 'a', bytes: new Uint8Array(0) }))),
      'more than 100',
    ],
  ])('%s is refused', async (_, bytes, reason) => {
    await expect(read(bytes, 1000)).rejects.toMatchObject({
      kind: 'bad-command',
      message: expect.stringContaining(reason),
    })
  })

  it.each([
    ['multipart/form-data; boundary=x1', 'x1'],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b"', 'a b'],
    ['text/csv', undefined],
  ])('of type %s has the boundary %s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary)
  })

  it('without a boundary is refused', () => {
    expect(() => boundaryOf('multipart/form-data; x=1')).toThrow('boundary')
  })
})
