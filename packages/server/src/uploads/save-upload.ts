// Saves what is uploaded, piece by piece, into a folder of its own. All of it arrives or nothing stays.
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import { piecesOf } from '../intake/body-pieces.ts'
import { boundaryOf, type FormPart, formParts } from './multipart.ts'

export type SavedFile = {
  /** Within the folder. */
  readonly path: string
  readonly name: string
  readonly bytes: number
}

export type UploadRequest = {
  readonly folder: string
  /** Of the file, where the body is the file itself. */
  readonly name: string | undefined
  readonly bytesMax: number
}

/** Room that an upload leaves for everything else. */
const SPARE_BYTES = 64 * 1024 ** 2

/** @throws Refusal `too-large`, `no-space`, `bad-command`. */
export async function saveUpload(request: Request, upload: UploadRequest): Promise<ReadonlyArray<SavedFile>> {
  const { folder, bytesMax } = upload
  const told = Number(request.headers.get('content-length') ?? 0)
  if (told > bytesMax) throw tooLarge(bytesMax)
  await mkdir(folder, { recursive: true })
  try {
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize < told + SPARE_BYTES) throw full()
    const files: SavedFile[] = []
    let left = bytesMax
    for await (const part of partsOf(request, upload)) {
      const path = join(String(files.length + 1), plainNameOf(part.name))
      await mkdir(join(folder, String(files.length + 1)))
      const bytes = await write(join(folder, path), part.pieces, { left, bytesMax })
      left -= bytes
      files.push({ path, name: plainNameOf(part.name), bytes })
    }
    if (files.length === 0)
      throw new Refusal('bad-command', 'No file came.', { hint: 'Send at least one file that is not empty.' })
    return files
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw full()
    throw error
  }
}

async function* partsOf(request: Request, { name }: UploadRequest): AsyncGenerator<FormPart> {
  const boundary = boundaryOf(request.headers.get('content-type') ?? '')
  const pieces = piecesOf(request.body)
  try {
    if (boundary !== undefined) yield* formParts(pieces, boundary)
    else if (name !== undefined) yield { name, pieces }
    else
      throw new Refusal('bad-command', 'The file has no name.', {
        hint: 'Send a form of files, or one file as the body with `?name=`.',
      })
  } finally {
    await pieces.return(undefined)
  }
}

async function write(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  { left, bytesMax }: { readonly left: number; readonly bytesMax: number },
): Promise<number> {
  const file = await open(path, 'wx')
  let bytes = 0
  try {
    for await (const piece of pieces) {
      bytes += piece.byteLength
      if (bytes > left) throw tooLarge(bytesMax)
      await file.write(piece)
    }
    await file.datasync()
  } finally {
    await file.close()
  }
  return bytes
}

/** A name is shown, and found again in reports; as a path it means nothing. */
function plainNameOf(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
    .slice(-120)
  return /^\.*$/.test(plain) ? 'file' : plain
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal('too-large', `The upload is larger than ${bytesMax} bytes.`, {
    hint: 'Send fewer files at once, or raise upload-megabytes of the server.',
  })
}

function full(): Refusal {
  return new Refusal('no-space', 'The disk of the server has no room for it.', {
    hint: 'Make room, or raise what the disk holds; nothing of the upload was kept.',
  })
}
