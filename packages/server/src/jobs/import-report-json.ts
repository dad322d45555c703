// What an import says about itself, as JSON: amounts as decimal texts, and no path of the server's disk.
import { basename } from 'node:path'
import { formatAmount } from '@spillway/core'
import type { FileReport, ImportReport } from '@spillway/engine'
import { countsOf } from './describe-look.ts'

export function importReportJson({ isDryRun, files, directoryProblems }: ImportReport): Record<string, unknown> {
  return {
    isDryRun,
    files: files.map(fileJson),
    directoryProblems: directoryProblems.map(({ code, severity, message, hint }) => ({
      code,
      severity,
      message,
      hint,
    })),
  }
}

function fileJson(file: FileReport): Record<string, unknown> {
  const { batch, outcome, importers, rows, quarantinedWithoutAmount, problems, directory } = file
  const { supersededSince, supplements } = file
  const refusal = file.refusal && { code: file.refusal.kind, detail: file.refusal.message, hint: file.refusal.hint }
  return {
    ...{ file: basename(file.file), batch, outcome, refusal, importers, rows, quarantinedWithoutAmount },
    amounts: file.amounts.map(({ currency, acceptedMinor, quarantinedMinor }) => ({
      currency,
      accepted: formatAmount(acceptedMinor, currency),
      quarantined: formatAmount(quarantinedMinor, currency),
    })),
    invoices: file.invoices.map(({ vendor, account, invoice, currency, lines, ...minor }) => ({
      ...{ vendor, account, invoice, currency, lines },
      charges: formatAmount(minor.chargesMinor, currency),
      total: minor.totalMinor === null ? null : formatAmount(minor.totalMinor, currency),
      difference: minor.differenceMinor === null ? null : formatAmount(minor.differenceMinor, currency),
    })),
    documents: file.documents.map(({ part, vendor, account, invoice, member, sheet, rows: count, supersedes }) => ({
      ...{ part, vendor, account, invoice, member, sheet, rows: count },
      supersedes: supersedes.map((one) => one.file),
    })),
    directory: directory.map(({ part, source, changes, unchanged, active, ending }) => ({
      ...{ part, source, changes: changes.length, unchanged, active, ending },
      kinds: countsOf(changes.map(({ kind }) => kind)),
    })),
    problems,
    ...{ supersededSince, supplements },
  }
}
