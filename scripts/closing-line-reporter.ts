// Prints `N passed, N failed, N skipped` as the last line of a test run, for readers that know no vitest.
// An error outside a test (a module that does not load, a broken set-up or tear-down, an unhandled rejection) counts as a
// failure, and a run that failed for any other reason never says that nothing did.
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node'

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandledErrors: ReadonlyArray<SerializedError>,
    reason: TestRunEndReason,
  ): void {
    let passed = 0
    let skipped = 0
    let failed = unhandledErrors.length
    for (const module of modules) {
      failed += module.errors().length
      for (const suite of module.children.allSuites()) failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'skipped') skipped += 1
        else failed += 1
      }
    }
    if (failed === 0 && (reason !== 'passed' || passed === 0)) failed = 1
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  }
}
