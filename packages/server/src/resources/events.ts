// Takes in events: checks each envelope, and answers once all of a batch, or of a chunk of a stream, is on the disk.
import { Refusal } from '@spillway/core'
import { BATCH_BYTES_MAX, EVENT_BYTES_MAX, eventRoutes as routes } from '../contract/events.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { lineGroups, readWhole } from '../intake/body-pieces.ts'
import { elementsOf, onOneLine } from '../intake/elements-of.ts'
import { faultsOf } from '../intake/event-fault.ts'
import type { EventIntake } from '../intake/event-intake.ts'
import { eventOfHeaders } from '../intake/event-of-headers.ts'

const CHUNK_BYTES = 256 * 1024
const ISSUES_MAX = 100

export function registerEvents(server: Server): void {
  register(server, routes.sendEvents, async (c, call) => c.json({ accepted: await takeIn(c.req.raw, call) }, 202))
  register(server, routes.getIntakeStatus, (c, { services }) => c.json(services.intake.status(), 200))
  register(server, routes.importEvents, async (c, { services }) => {
    await services.intake.importWaiting()
    return c.json(services.intake.status(), 200)
  })
}

type Taking = { readonly intake: EventIntake; readonly accounts: ReadonlySet<string> | null }

async function takeIn(request: Request, { services, workspace: { scope } }: Call): Promise<number> {
  const taking = { intake: services.intake, accounts: scope.rows === null ? null : new Set(scope.rows.accounts) }
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  switch (type) {
    case 'application/cloudevents-batch+json':
      return takeBatch(await readWhole(request, { bytesMax: BATCH_BYTES_MAX }), taking)
    case 'application/cloudevents+json':
      return takeOne(await readWhole(request, { bytesMax: EVENT_BYTES_MAX }), taking)
    case 'application/x-ndjson':
      return takeStream(request, taking)
    default:
      if (request.headers.has('ce-specversion') && /^application\/(?:[\w.+-]+\+)?json$/.test(type))
        return takeOne(eventOfHeaders(request.headers, await readWhole(request, { bytesMax: EVENT_BYTES_MAX })), taking)
      throw new Refusal('bad-command', `Events do not come as ${type === '' ? 'an unnamed type' : type}.`, {
        hint: 'Send application/cloudevents+json, application/cloudevents-batch+json or application/x-ndjson.',
      })
  }
}

async function takeOne(text: string, { intake, accounts }: Taking): Promise<number> {
  const faults = faultsOf(parsed(text), accounts)
  if (faults.length > 0) throw refused(faults.map((fault) => ({ event: 1, ...fault })))
  await intake.accept([onOneLine(text)])
  return 1
}

async function takeBatch(text: string, { intake, accounts }: Taking): Promise<number> {
  const events = parsed(text)
  if (!Array.isArray(events)) throw refused([{ event: 1, at: '', message: 'a batch is a list of events' }])
  const issues: Issue[] = []
  const lines = elementsOf(text)
  for (let at = 0; at < events.length && issues.length < ISSUES_MAX; at += 1) {
    const faults = faultsOf(events[at], accounts)
    if (faults.length > 0) issues.push(...faults.map((fault) => ({ event: at + 1, ...fault })))
    if ((lines[at]?.length ?? 0) > EVENT_BYTES_MAX) issues.push({ event: at + 1, at: '', message: TOO_LARGE })
  }
  if (issues.length > 0) throw refused(issues)
  await intake.accept(lines)
  return lines.length
}

/** @throws Refusal which says how many were accepted before. */
async function takeStream(request: Request, { intake, accounts }: Taking): Promise<number> {
  let accepted = 0
  try {
    const limits = { lineBytesMax: EVENT_BYTES_MAX, bytesPerGroup: CHUNK_BYTES }
    for await (const group of lineGroups(request.body, limits)) {
      const issues: Issue[] = []
      for (const { line, text } of group) {
        const event = parsedOrUndefined(text)
        const faults = event === undefined ? [{ at: '', message: 'it is no JSON' }] : faultsOf(event, accounts)
        if (faults.length > 0) issues.push(...faults.map((fault) => ({ event: line, ...fault })))
        if (issues.length >= ISSUES_MAX) break
      }
      if (issues.length > 0) throw refused(issues)
      await intake.accept(group.map(({ text }) => text))
      accepted += group.length
    }
    return accepted
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { kind, message, hint, facts } = error
    throw new Refusal(kind, `${message} The first ${accepted} events of the stream were accepted.`, {
      hint,
      facts: { ...facts, accepted },
    })
  }
}

type Issue = { readonly event: number; readonly at: string; readonly message: string }

const TOO_LARGE = `it is larger than ${EVENT_BYTES_MAX} characters`

function refused(issues: ReadonlyArray<Issue>): Refusal {
  const [first] = issues
  const events = new Set(issues.map(({ event }) => event)).size
  const place = first?.at === '' ? '' : `${first?.at}: `
  return new Refusal(
    'bad-command',
    `Event ${first?.event}: ${place}${first?.message}${events > 1 ? `; ${events} events are wrong` : ''}.`,
    {
      hint: 'Nothing of this batch or chunk was kept: mend it, and send it again.',
      facts: { issues: issues.slice(0, ISSUES_MAX) },
    },
  )
}

/** @throws Refusal `bad-command`. */
function parsed(text: string): unknown {
  const value = parsedOrUndefined(text)
  if (value === undefined) throw refused([{ event: 1, at: '', message: 'it is no JSON' }])
  return value
}

/** JSON has no undefined. */
function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
