// The codes that may be dialled, and who and what stands on an electronic invoice.
import { ACCOUNT, PEOPLE } from './firm-people.ts'
import { CLIENTS, MATTERS } from './matters.ts'
import type { WrittenFile } from './written-file.ts'

export function codeFiles(): WrittenFile[] {
  return [
    { path: 'catalogue/account-codes.yaml', content: accountCodes() },
    { path: 'catalogue/legal-billing.yaml', content: legalBilling() },
  ]
}

function accountCodes(): string {
  const codes = MATTERS.map(
    ({ code, project, name }) => `  - { code: "${code}", project: ${project}, name: "${name}" }`,
  )
  return `# A code must be dialled, and be one of these. A code of a matter that is settled counts until the day it ended.
kind: AccountCodes
account: ${ACCOUNT}
required: true
valid:
${codes.join('\n')}
---
# Whoever talks with Castellan's counsel talks about the lawsuit, whether or not they dialled its code.
kind: ProjectRule
name: opposing-counsel
when: { participant-contains: [Delacroix, Sorrel] }
project: M-2041
`
}

/** UTBMS codes: of litigation, of counselling and of projects. */
const TASKS: Readonly<Record<string, string>> = { LIT: 'L190', CORP: 'P300', REAL: 'P300', EMPL: 'C300', TAX: 'C200' }

function legalBilling(): string {
  const clients = CLIENTS.map(({ name, clientId }) => `  - { client: ${name}, client-id: "${clientId}" }`)
  const matters = MATTERS.filter(({ client }) => client !== '').map(
    ({ project, code, costCentre }) =>
      `  - { project: ${project}, client-matter-id: "${code}-${costCentre}", task-code: ${TASKS[costCentre]} }`,
  )
  const keepers = PEOPLE.filter(({ classification }) => classification !== '').map(
    ({ employee, name, classification }) =>
      `  - { person: ${employee}, id: "${employee.slice(2)}", name: "${surnameFirst(name)}", classification: ${classification} }`,
  )
  return `# What an invoice in LEDES 1998B says beside its lines.
kind: LegalBilling
name: wychbold-tarn
law-firm-id: "04-5550142"
description: Conference calls
activity-code: A106
clients:
${clients.join('\n')}
matters:
${matters.join('\n')}
timekeepers:
${keepers.join('\n')}
`
}

function surnameFirst(name: string): string {
  const [first = '', last = ''] = name.split(' ')
  return `${last}, ${first}`
}
