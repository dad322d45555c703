// Problems for people: one line a code with how many, the first of them in words, and what to do.
import { type CountedProblem, countProblems, type Problem, type Severity } from '@spillway/core'
import type { Terminal } from '../terminal.ts'
import { printable } from './printable.ts'
import { wrap } from './wrap.ts'

const ORDER: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

/** Errors first, then warnings, then notes; within these by code. */
export function printProblemCounts(problems: ReadonlyArray<Problem>, terminal: Terminal): void {
  printCounted(countProblems(problems), terminal)
}

export function printCounted(problems: ReadonlyArray<CountedProblem>, terminal: Terminal): void {
  const sorted = [...problems].sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || (a.code < b.code ? -1 : 1))
  for (const { code, severity, count, message, hint } of sorted) {
    const { red, yellow, dim } = terminal.colours
    const word = severity === 'error' ? red(severity) : severity === 'warning' ? yellow(severity) : dim('note')
    const times = count > 1 ? ` (${count} times, first:)` : ''
    // A log keeps one line a problem; a person gets whole words.
    const width = terminal.showsProgress ? terminal.width : Number.POSITIVE_INFINITY
    for (const line of wrap(`${word} ${code}${times} ${printable(message)}`, { width, indent: 2 })) terminal.note(line)
    for (const line of wrap(`  ${printable(hint)}`, { width, indent: 2 })) terminal.note(dim(line))
  }
}
