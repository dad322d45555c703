// What each problem and each refusal means for the figures, in a sentence: the part of docs/reference/problems.md that the
// code does not say itself. Closed lists: a code without its sentence does not compile.
import type { ProblemCode, RefusalKind } from '@spillway/core'

export type ProblemGroup =
  | 'A row or cell of a file'
  | 'A bill as a whole'
  | 'The directory'
  | 'Pools and allocation'
  | 'Rating'
  | 'The journal'

type Meaning = { readonly group: ProblemGroup; readonly means: string }

const row = (means: string): Meaning => ({ group: 'A row or cell of a file', means })
const bill = (means: string): Meaning => ({ group: 'A bill as a whole', means })
const directory = (means: string): Meaning => ({ group: 'The directory', means })
const pool = (means: string): Meaning => ({ group: 'Pools and allocation', means })
const rating = (means: string): Meaning => ({ group: 'Rating', means })
const journal = (means: string): Meaning => ({ group: 'The journal', means })

const HELD = 'The row is in quarantine and counts nowhere; the other rows of the file are in.'

export const PROBLEM_MEANINGS: { readonly [C in ProblemCode]: Meaning } = {
  'row-unreadable': row(HELD),
  'column-missing': row('No row of the part can be read, so none is in.'),
  'value-missing': row(HELD),
  'value-unknown': row(HELD),
  'amount-unreadable': row(`${HELD} The invoice will not foot by its amount.`),
  'amount-precision': row(`${HELD} Nothing is rounded for you.`),
  'number-unreadable': row(HELD),
  'date-unreadable': row(HELD),
  'date-order': row(HELD),
  'currency-unknown': row(HELD),
  'unit-unknown': row(`${HELD} No unit is guessed: a wrong one would be wrong by a factor of 1,000 and more.`),
  'unit-mismatch': row(HELD),
  'encoding-damaged': row('The rows are in, and count; some names or descriptions are damaged.'),
  'control-mismatch': row('The rows that are there are in, and count; others may be missing from the file.'),
  'duplicate-conflict': row('The later row is in quarantine; the earlier one counts.'),
  'names-concealed': row('The rows are in, and count under the concealed ids, which no inventory or person has.'),
  'invoice-does-not-foot': bill(
    'Its lines count as they are. The period cannot be published until the lines come or somebody accepts the difference.',
  ),
  'service-does-not-foot': bill('Its lines count as they are; the invoice as a whole may still foot.'),
  'invoice-without-total': bill('Its lines count, and nobody could check them. It does not stop a publication.'),
  'invoice-without-charges': bill('Nothing of it is charged back yet. The period cannot be published.'),
  'invoice-after-publish': bill('It counts in no published figure until the period is reopened and closed again.'),
  'share-sum': directory('On those days the service belongs to nobody: its money is "unassigned".'),
  'cost-centre-cycle': directory('The file is refused when it is imported: a circle has no subtotals.'),
  'cost-centre-unknown': directory('Its money is carried by the id as given, at the top of the tree, without a name.'),
  'person-unknown': directory(
    'Money is carried by the employee number as given; without a cost centre it is "unassigned".',
  ),
  'project-unknown': directory('Money is carried by the project id as given.'),
  'overlapping-stints': directory('The rows of that id are in quarantine; what was known of the id stays.'),
  'feed-incomplete': directory('Rows that were read are in; nothing was ended for being absent.'),
  'leaver-with-service': directory(
    'The person still carries the service and its money is on no cost centre ("unassigned"), unless the service names its own.',
  ),
  'service-not-in-inventory': directory('It is paid and carried by nobody: "unassigned".'),
  'sub-account-ambiguous': directory(
    'Usage and charges of that user id belong to nobody on those days: "unassigned". The inventory knows a service by its name alone.',
  ),
  'ambiguous-pool': pool('The charges are not divided: whoever the vendor put them on carries them.'),
  'pool-unknown': pool(
    'A charge or usage row that names it is placed as if it named none; a membership of it counts in no pool.',
  ),
  'pool-overlap': pool(
    'The feed is taken; its usage counts in the narrowest of the pools alone, so nothing counts twice.',
  ),
  'pool-over-ceiling': pool('The charges are divided over all members all the same.'),
  'pool-without-members': pool('The amount stands as "unallocated", first in every report.'),
  'negative-usage': pool('The service has the weight 0 in that component.'),
  'account-not-ours': rating('Usage of these services is not rated. The period cannot be published.'),
  'plan-inactive': rating('The purchase stands; usage of the account is drawn and rated without the plan.'),
  unrated: rating('The usage stands in its row with an amount of 0. The period cannot be published.'),
  'usage-not-rated': rating('The rows are on no bill; all others are rated.'),
  'gl-code-missing': journal('The charges are in the journal, on the GL code of suspense; the journal balances.'),
}

/** When a command is refused. Each is one sentence with what to do, on stderr. */
export const REFUSAL_MEANINGS: { readonly [K in RefusalKind]: string } = {
  'bad-command': 'An option, a report, a dimension or a period that does not exist, or a reason that is missing.',
  'bad-configuration': 'A document cannot be read, or two policies claim one pool on the same day.',
  'in-use': 'Another document still names what was to be deleted.',
  'not-permitted': 'Your role, or the part of the company that it covers, does not reach it.',
  'not-signed-in': 'The server does not know who asks: sign in, or send a token that is valid.',
  exists: 'There is one of this name or address already.',
  'request-repeated': 'An idempotency key was used before, with another request or one that is still being done.',
  'changed-meanwhile': 'Somebody else changed it after you read it: read it again.',
  'condition-missing': 'The server wants to know which version you are changing: send `If-Match`.',
  'too-many': 'Too much came in too short a time: wait, and send it again.',
  'too-large': 'What was sent to the server is larger than it takes: send less at once, or raise its limit.',
  'intake-full': 'More events wait to be imported than the server keeps: send them again after the time that it names.',
  'no-space': 'The disk of the server is full: make room, and send it again. Nothing of it was kept.',
  'not-found': 'There is no such file, invoice, service or kind.',
  'period-published': 'The period is published: reopen it with a reason.',
  'period-not-closed':
    'The period was never closed, or something that the close read has changed since: close it again.',
  'period-not-published': 'There is no publication to take back.',
  unreconciled:
    'An invoice of the period does not foot, or has a total and no lines: import what is missing, or accept the difference.',
  unrated:
    'Usage of the period is on no bill, because nothing prices it or its account is not ours: mend it, close again.',
  'workspace-busy': 'Another command holds the workspace; it is named.',
  'workspace-exists': 'There is a workspace, or a folder that is not an earlier demo.',
  'workspace-missing': 'The folder is no workspace: run `spillway init`, or name another with `-C`.',
  'workspace-too-new': 'A newer version of Spillway wrote it.',
  'workspace-damaged': 'A file of the workspace is missing or is not what was written.',
  'workspace-read-only': 'The user may not write into its folder.',
  'hostile-file':
    'A zip bomb, a path out of the archive, a gigabyte line, a million columns: nothing of the file was read.',
  'unrecognised-file':
    'No format recognises the file, or two do; the candidates are listed. Decide with `--source`, or write a mapping.',
  'mass-end':
    'A directory file would end more than five and more than a fifth of what is active: look whether it is complete.',
  'passcode-key': 'The key of the passcodes is missing, readable to others, or another one: put it back.',
  'cost-centre-cycle': 'The file makes a circle of cost centres; nothing of it was taken.',
  cancelled: 'You stopped it (Ctrl-C). Nothing was changed.',
}
