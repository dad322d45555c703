// The kinds of document that account codes, projects and their invoices are configured with.
import { accountCodesDocument, issuesOfAccountCodes } from './account-codes.ts'
import { issuesOfLegalBilling, legalBillingDocument } from './legal-billing.ts'
import { issuesOfProjectRule, projectRuleDocument } from './project-rule.ts'

/** Shapes by kind, for JSON Schemas. */
export const PROJECT_DOCUMENTS = {
  AccountCodes: accountCodesDocument,
  LegalBilling: legalBillingDocument,
  ProjectRule: projectRuleDocument,
} as const

/** What is wrong with a document, and what one without issues is saved under where it has no name. */
export const PROJECT_KINDS = [
  {
    kind: 'AccountCodes',
    issuesOf: issuesOfAccountCodes,
    nameOf: (body: unknown) => (body as { account: string }).account,
  },
  { kind: 'LegalBilling', issuesOf: issuesOfLegalBilling },
  { kind: 'ProjectRule', issuesOf: issuesOfProjectRule },
] as const
