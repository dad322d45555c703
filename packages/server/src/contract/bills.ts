// One bill of ours as a document: its sections, its files, and taking it back. Bills as rows of a month are of periods.ts.
import { z } from '@hono/zod-openapi'
import { BILL_SECTIONS } from '@spillway/core'
import { listPage } from './paging.ts'
import { CONTENT_TYPES, reportPage } from './reports.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf } from './route.ts'

const params = z.object({
  bill: z
    .string()
    .max(200)
    .openapi({ param: { name: 'bill', in: 'path' }, description: 'its number' }),
})
const by = z.enum(BILL_SECTIONS).optional().describe('in place of what the account chose')
const state = z.enum(['draft', 'issued', 'void'])

const heading = z
  .object({
    number: z.string(),
    state: state.describe('void: taken back; it stays readable, and counts in no total'),
    replaces: z.string().describe("the void bill in whose place it is; '' for none"),
    replacedBy: z.string(),
    voidReason: z.string(),
    issuedAt: instant.nullable(),
    provider: z.string(),
    account: z.string(),
    name: z.string(),
    address: z.array(z.string()),
    from: z.string(),
    until: z.string().describe('the day after the last'),
    timeZone: z.string(),
    currency: z.string(),
    total: z.string(),
    sections: z.enum(BILL_SECTIONS),
    run: z.string(),
    closedAt: instant,
  })
  .openapi('BillHeading')

const section = z
  .object({
    key: z.string().describe("'' is what nothing was assigned to"),
    name: z.string(),
    subtotal: z.string(),
    usage: z.array(
      z.object({
        usageClass: z.string(),
        usageType: z.string(),
        quantity: z.string().nullable().describe('base units; null in bills that kept none'),
        amount: z.string(),
      }),
    ),
    lines: z.array(
      z.object({
        kind: z.string(),
        about: z.string().describe('the product, or the first day of the period that is corrected'),
        account: z.string(),
        service: z.string(),
        amount: z.string(),
      }),
    ),
    calls: z
      .array(
        z.object({
          start: z.string().describe('in the zone of the bill'),
          seconds: z.string(),
          participants: z.string(),
          accountCode: z.string(),
          service: z.string(),
          call: z.string().describe('its id, as the vendor gave it'),
          usageClass: z.string(),
          amount: z.string(),
        }),
      )
      .nullable()
      .describe('the first 500 in order of time, where they are asked for; files have all of them'),
    partsOfCalls: z
      .object({ calls: z.int(), amount: z.string() })
      .describe('of calls whose service is divided, and that another section lists'),
  })
  .openapi('BillSection')

export const billSections = z
  .object({
    heading,
    sections: reportPage.describe('a page of sections: key, name, and what each comes to; they sum to the bill'),
    section: section.nullable().describe('the one of `key`, in full'),
  })
  .openapi('BillSections')

const file = { schema: z.string().openapi({ format: 'binary' }) }
const tags = ['bills']

export const billRoutes = {
  listBillSections: describeRoute({
    method: 'get',
    path: '/v1/bills/{bill}/sections',
    operationId: 'listBillSections',
    summary: 'a bill by user id, service, cost centre or project',
    tags,
    'x-access': 'report:read',
    request: {
      params,
      query: listPage.extend({
        by,
        search: z.string().max(200).optional().describe('sections with this in their key or name, whatever the case'),
        key: z.string().max(500).optional().describe('with this section in full'),
        calls: z.enum(['true', 'false']).default('false').describe('with `key`: its calls too'),
      }),
    },
    responses: { 200: jsonOf(billSections, 'The bill and a page of its sections') },
  }),
  getBillFile: describeRoute({
    method: 'get',
    path: '/v1/bills/{bill}/file',
    operationId: 'getBillFile',
    summary: 'a bill with all its parts as a file; audited as an export',
    tags,
    'x-access': 'report:read',
    request: {
      params,
      query: z.object({
        by,
        format: z.enum(['pdf', 'xlsx', 'csv', 'json']).default('pdf'),
        calls: z.enum(['true', 'false']).default('true').describe('false: sections and their usage by class alone'),
        paper: z.enum(['a4', 'letter']).default('a4'),
      }),
    },
    responses: {
      200: {
        description: 'The file',
        content: {
          'application/pdf': file,
          'application/json': { schema: z.looseObject({}) },
          [CONTENT_TYPES.xlsx]: file,
          'text/csv': file,
        },
      },
    },
  }),
  voidBill: describeRoute({
    method: 'post',
    path: '/v1/bills/{bill}/void',
    operationId: 'voidBill',
    summary: 'take an issued bill back: it stays readable, and counts in no total',
    tags,
    'x-access': 'period:change',
    request: {
      params,
      headers: idempotencyKey,
      ...bodyOf(
        z.strictObject({ reason: z.string().min(1).max(2000).describe('kept with the bill, and printed on it') }),
      ),
    },
    responses: {
      200: jsonOf(
        z.object({ number: z.string(), state, total: z.string(), currency: z.string() }).openapi('VoidBill'),
        'Taken back',
      ),
    },
  }),
  reissueBill: describeRoute({
    method: 'post',
    path: '/v1/bills/{bill}/reissue',
    operationId: 'reissueBill',
    summary: 'issue a void bill again under a new number, as accounts are configured now',
    tags,
    'x-access': 'period:change',
    request: { params, headers: idempotencyKey },
    responses: {
      200: jsonOf(z.object({ number: z.string() }).openapi('ReissuedBill'), 'The number of the bill in its place'),
    },
  }),
}
