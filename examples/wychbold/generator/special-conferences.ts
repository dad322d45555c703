// The conferences that a month of a law firm has one of: over midnight, over the end of a month, over a change of the clocks,
// after a user id was disabled, under a code that nobody has. Written by hand, so that the README can name them.
import { type Conference, type Leg, wallSeconds } from './conferences.ts'

type Written = Pick<Leg, 'name' | 'callType' | 'lastedSeconds'> & { readonly from: string; readonly until: string }

const leg = ({ from, until, ...rest }: Written): Leg => ({
  ...rest,
  connectSeconds: wallSeconds(from),
  disconnectSeconds: wallSeconds(until),
})

const HOUR = 3600

export const SPECIAL: Readonly<Record<string, ReadonlyArray<Conference>>> = {
  // Clocks went back at two: 00:30 to 03:10 is three hours and forty minutes.
  '2025-11': [
    {
      title: 'Tamsin series C, closing night',
      userId: 'htarn',
      chair: 'Hal Tarn',
      code: '3007',
      legs: [
        leg({
          name: 'Hal Tarn',
          callType: 'VoIP',
          from: '2025-11-02T00:30:00',
          until: '2025-11-02T03:10:00',
          lastedSeconds: 3 * HOUR + 40 * 60,
        }),
        leg({
          name: 'Tamsin Okafor',
          callType: 'Toll Free',
          from: '2025-11-02T00:31:10',
          until: '2025-11-02T03:09:40',
          lastedSeconds: 3 * HOUR + 38 * 60 + 30,
        }),
        leg({ name: 'Wen Zhao', callType: 'VoIP', from: '2025-11-02T00:45:00', until: '2025-11-02T00:58:20' }),
      ],
    },
  ],
  '2026-01': [
    {
      title: 'Halden residence',
      userId: 'halden',
      chair: 'Vera Lindqvist',
      code: '6001',
      legs: [
        leg({
          name: 'Vera Lindqvist',
          callType: 'VoIP',
          from: '2026-01-14T23:35:00',
          until: '2026-01-15T00:21:30',
        }),
        leg({
          name: 'Urs Halden',
          callType: 'International Toll Free',
          from: '2026-01-14T23:36:12',
          until: '2026-01-15T00:21:30',
        }),
      ],
    },
  ],
  // Clocks went forward at two: 01:15 to 03:45 is an hour and a half.
  '2026-03': [
    {
      title: 'Acquisition of Pellucid Optics, signing',
      userId: 'm-3011',
      chair: 'Beatriz Luz',
      code: '3011',
      legs: [
        leg({
          name: 'Beatriz Luz',
          callType: 'VoIP',
          from: '2026-03-08T01:15:00',
          until: '2026-03-08T03:45:00',
          lastedSeconds: HOUR + 30 * 60,
        }),
        leg({
          name: 'Gwen Sallow',
          callType: 'International Toll Free',
          from: '2026-03-08T01:16:30',
          until: '2026-03-08T03:44:00',
          lastedSeconds: HOUR + 27 * 60 + 30,
        }),
      ],
    },
  ],
  // His last call begins on his last day and ends when his user id is disabled already.
  '2026-06': [
    {
      title: 'Bellmead product liability',
      userId: 'gstrand',
      chair: 'Gideon Strand',
      code: '2044',
      legs: [
        leg({ name: 'Gideon Strand', callType: 'VoIP', from: '2026-06-30T23:40:00', until: '2026-07-01T00:50:00' }),
        leg({ name: 'Otis Bell', callType: 'Toll Free', from: '2026-06-30T23:41:05', until: '2026-07-01T00:49:50' }),
      ],
    },
  ],
  // A code that nobody has: the bridge let them in by the account number.
  '2026-08': [
    {
      title: 'Staff meeting',
      userId: '',
      chair: '',
      code: '9001',
      legs: [
        leg({ name: 'Joy Whitlock', callType: 'Toll Free', from: '2026-08-19T12:00:05', until: '2026-08-19T12:41:00' }),
        leg({ name: 'Leo Marchetti', callType: 'VoIP', from: '2026-08-19T12:01:00', until: '2026-08-19T12:40:30' }),
      ],
    },
  ],
  '2026-10': [
    // Somebody wrote the passcode of litigation into the name of the meeting; call-records.ts puts it there.
    {
      title: 'War room, dial PASSCODE',
      userId: 'litigation',
      chair: 'Sam Dunmore',
      code: '2058',
      legs: [
        leg({ name: 'Sam Dunmore', callType: 'VoIP', from: '2026-10-20T10:00:00', until: '2026-10-20T11:10:00' }),
        leg({ name: 'Rolf Anders', callType: 'Toll Free', from: '2026-10-20T10:01:00', until: '2026-10-20T11:09:00' }),
      ],
    },
    {
      title: 'Bellmead product liability',
      userId: 'litigation',
      chair: 'Ottoline Reyes',
      code: '2044',
      legs: [
        leg({ name: 'Ottoline Reyes', callType: 'VoIP', from: '2026-10-20T10:30:00', until: '2026-10-20T11:00:00' }),
        leg({ name: 'Otis Bell', callType: 'Toll Free', from: '2026-10-20T10:30:40', until: '2026-10-20T11:00:00' }),
      ],
    },
    {
      title: 'In re Quorley warehouse fire',
      userId: 'litigation',
      chair: 'Leo Marchetti',
      code: '',
      legs: [
        leg({ name: 'Leo Marchetti', callType: 'VoIP', from: '2026-10-20T10:45:00', until: '2026-10-20T11:20:00' }),
        leg({ name: 'Bram Hoek', callType: 'Toll Free', from: '2026-10-20T10:45:20', until: '2026-10-20T11:19:00' }),
      ],
    },
    // No code was dialled, and the user id is a person's: the rule knows it by who is there.
    {
      title: 'Settlement talk',
      userId: 'icalloway',
      chair: 'Idris Calloway',
      code: '',
      legs: [
        leg({ name: 'Idris Calloway', callType: 'VoIP', from: '2026-10-22T18:30:00', until: '2026-10-22T18:52:10' }),
        leg({
          name: 'Armand Delacroix',
          callType: 'Toll Free',
          from: '2026-10-22T18:31:05',
          until: '2026-10-22T18:52:00',
        }),
      ],
    },
    {
      title: 'Orrin Marine v. Castellan Freight, eve of the hearing',
      userId: 'm-2041',
      chair: 'Nora Esterhaus',
      code: '2041',
      legs: [
        leg({ name: 'Nora Esterhaus', callType: 'VoIP', from: '2026-10-31T23:20:00', until: '2026-11-01T00:34:00' }),
        leg({ name: 'Dag Orrin', callType: 'Toll Free', from: '2026-10-31T23:21:30', until: '2026-11-01T00:33:50' }),
        leg({ name: 'Idris Calloway', callType: 'VoIP', from: '2026-10-31T23:22:00', until: '2026-11-01T00:05:00' }),
      ],
    },
  ],
}
