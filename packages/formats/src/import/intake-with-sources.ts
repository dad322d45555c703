// The intake that every program of ours reads files with: all formats that are built in, and the mappings that are saved.
import type { Intake } from '@spillway/core'
import { fileIntake } from '../intake/file-intake.ts'
import { IMPORTERS } from './index.ts'
import { importerFromSource } from './mapping/importer-from-source.ts'

/**
 * `sources`: bodies of saved Source documents. Mappings are asked after the built-in formats; two that claim one file are
 * refused by recognition, whatever their order.
 */
export function intakeWithSources(sources: ReadonlyArray<unknown>): Intake {
  return fileIntake([...IMPORTERS, ...sources.map((body) => importerFromSource(body))])
}
