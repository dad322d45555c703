// The project itself keeps its own rules; what each rule finds is shown in planted-violations.test.ts.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { formatFinding } from './finding.ts'
import { tidy } from './tidy.ts'

it('keeps the rules of the house', () => {
  expect(tidy(join(import.meta.dirname, '..')).map(formatFinding)).toEqual([])
})
