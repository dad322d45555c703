// The command line as its users run it: the bundle in a process of its own, built anew for a test so that it is this tree.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../../../..')

export type BundledCommand = {
  /** The file that node runs. */
  readonly bundle: string
  start(workspace: string, args: ReadonlyArray<string>): ChildProcess
  remove(): Promise<void>
}

/** Builds into the folder of the bundle, because the bundle finds its libraries from where it lies. */
export async function bundleCommand(): Promise<BundledCommand> {
  const bundle = join(ROOT, 'packages/cli/dist', `test-${process.pid}.js`)
  await promisify(execFile)(process.execPath, ['scripts/build.mjs', bundle], { cwd: ROOT })
  return {
    bundle,
    start: (workspace, args) => spawn(process.execPath, [bundle, ...args], { cwd: workspace, stdio: 'ignore' }),
    remove: async () => {
      for (const path of [bundle, `${bundle}.map`]) await rm(path, { force: true })
    },
  }
}
