// Every command, in the order in which a month is worked.
import type { Command } from '@commander-js/extra-typings'
import type { CommandContext } from '../command-context.ts'
import { registerApply } from './apply.ts'
import { registerBackup, registerDoctor, registerRestore } from './backup.ts'
import { registerBill } from './bill.ts'
import { registerCheck } from './check.ts'
import { registerAccept, registerClose, registerPublish, registerReopen } from './close.ts'
import { registerConfig } from './config.ts'
import { registerDelete } from './delete.ts'
import { registerDemo } from './demo.ts'
import { registerExplain } from './explain.ts'
import { registerExport } from './export.ts'
import { registerImport } from './import.ts'
import { registerInit } from './init.ts'
import { registerPreview } from './preview.ts'
import { registerReport } from './report.ts'
import { registerServe } from './serve.ts'
import { registerSharePlan } from './share-plan.ts'
import { registerSimulate } from './simulate.ts'
import { registerSource } from './source.ts'
import { registerSubAccount } from './sub-account.ts'
import { registerTakeBack } from './take-back.ts'

type Register = (program: Command, context: CommandContext) => void

export const COMMANDS: ReadonlyArray<Register> = [
  registerInit,
  registerApply,
  registerDelete,
  registerConfig,
  registerSharePlan,
  registerSubAccount,
  registerImport,
  registerTakeBack,
  registerClose,
  registerAccept,
  registerPublish,
  registerReopen,
  registerBill,
  registerReport,
  registerExplain,
  registerSource,
  registerSimulate,
  registerPreview,
  registerCheck,
  registerBackup,
  registerRestore,
  registerDoctor,
  registerExport,
  registerServe,
  registerDemo,
]
