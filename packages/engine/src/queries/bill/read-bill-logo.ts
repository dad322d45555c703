// The picture that an account asks for on its bills: a file below the workspace's folder, and none besides.
import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type Bill, Refusal } from '@spillway/core'

export type LogoOptions = {
  /** Of the workspace. */
  readonly directory: string
  readonly bytesMax: number
}

/**
 * undefined where the account asks for none.
 * @throws Refusal `bad-configuration` where it is not there, is not below the folder, or is too large.
 */
export async function readBillLogo(
  { heading: { logo, account } }: Bill,
  { directory, bytesMax }: LogoOptions,
): Promise<Uint8Array | undefined> {
  if (logo === '') return undefined
  const hint = `Put it there, or leave \`logo\` out of Account ${account}.`
  try {
    const folder = await realpath(directory)
    const path = await realpath(join(folder, logo))
    if (!path.startsWith(`${folder}${sep}`))
      throw new Refusal('bad-configuration', `The logo ${logo} is not below the folder of the workspace.`, { hint })
    const { size } = await stat(path)
    if (size > bytesMax)
      throw new Refusal('bad-configuration', `The logo ${logo} has more than ${bytesMax / 1024} KiB.`, { hint })
    return await readFile(path)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('bad-configuration', `The logo ${logo} cannot be read.`, { hint })
  }
}
