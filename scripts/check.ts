// `tsx scripts/check.ts CHECK...`: runs checks of the house on the project in the current folder, prints what they found
// and exits 1 where there is any. It changes nothing.
import { brokenExamples } from './doc-examples.ts'
import { type Finding, formatFinding } from './finding.ts'
import { brokenLinks } from './links.ts'
import { tidy } from './tidy.ts'

const CHECKS: Readonly<Record<string, (root: string) => ReadonlyArray<Finding>>> = {
  tidy,
  links: brokenLinks,
  'doc-examples': brokenExamples,
}

let found = 0
for (const name of process.argv.slice(2)) {
  const check = CHECKS[name]
  if (!check) throw new Error(`no check is called ${name}; there are ${Object.keys(CHECKS).join(', ')}`)
  const findings = check(process.cwd())
  for (const finding of findings) process.stdout.write(`${formatFinding(finding)}\n`)
  process.stdout.write(`${name}: ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}\n`)
  found += findings.length
}
if (found > 0) process.exitCode = 1
