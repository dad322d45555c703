// Every importer that needs no configuration, in the order in which they are listed to users.
import type { Importer } from '@spillway/core'
import { asteriskCalls, asteriskMaster } from './asterisk/asterisk-calls.ts'
import { attPremierCharges } from './att-premier/att-premier-charges.ts'
import { btItemised } from './bt/bt-itemised.ts'
import { CANONICAL_IMPORTERS } from './canonical/canonical-importers.ts'
import { cloudEvents } from './cloudevents/cloud-events.ts'
import { concealEntryCodes } from './conceal-entry-codes.ts'
import { conferenceCalls } from './conferencing/conference-calls.ts'
import { gammaCalls, gammaCallsWithoutHeader } from './gamma/gamma-calls.ts'
import { microsoft365Invoice } from './microsoft-365/seat-invoice.ts'
import { MICROSOFT_365_REPORTS } from './microsoft-365/usage-reports.ts'
import { twilioAccountUsage } from './twilio/account-usage.ts'
import { twilioSuperSimUsage } from './twilio/super-sim-usage.ts'
import { VERIZON_IMPORTERS } from './verizon/verizon-importers.ts'
import { x12ConsolidatedInvoice } from './x12-811/x12-811.ts'
import { webexMeetings } from './zoom-webex/webex-meetings.ts'
import { zoomParticipants } from './zoom-webex/zoom-participants.ts'

export const IMPORTERS: ReadonlyArray<Importer> = [
  ...CANONICAL_IMPORTERS.map(concealEntryCodes),
  ...VERIZON_IMPORTERS,
  attPremierCharges,
  x12ConsolidatedInvoice,
  gammaCalls,
  gammaCallsWithoutHeader,
  btItemised,
  conferenceCalls,
  ...[zoomParticipants, webexMeetings].map(concealEntryCodes),
  ...MICROSOFT_365_REPORTS,
  microsoft365Invoice,
  ...[asteriskCalls, asteriskMaster].map(concealEntryCodes),
  twilioAccountUsage,
  twilioSuperSimUsage,
  concealEntryCodes(cloudEvents),
]
