// A day as bars on an axis of time: a row for each leg, what was on at once hatched and numbered. Every bar is reached by keyboard
// and says in words what it shows.
import { Group, Text } from '@mantine/core'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { type Axis, axisOf, clockOf, conflictOf, type Leg, spanOf } from './legs.ts'
import classes from './timeline.module.css'

export function Timeline({ legs, label }: { readonly legs: ReadonlyArray<Leg>; readonly label: string }) {
  const axis = axisOf(legs)
  if (axis === null) return null
  return (
    <>
      <section className={`${classes.frame} more-aside`} aria-label={label} tabIndex={0}>
        <div className={classes.chart}>
          <div className={classes.axis} aria-hidden="true">
            <span />
            <div className={classes.scale}>
              {axis.ticks.map(({ at, label: time }) => (
                <span key={at} className={classes.tick} style={{ left: spanOf(axis, at, at).left }}>
                  {time}
                </span>
              ))}
            </div>
          </div>
          <Bands legs={legs} axis={axis} />
          <ol className={classes.list} aria-label="Legs">
            {legs.map((leg) => (
              <Lane key={leg.id} leg={leg} axis={axis} />
            ))}
          </ol>
        </div>
      </section>
      <Group gap="lg" mt={6}>
        <Text size="xs" c="dimmed">
          <span className={`${classes.bar} ${classes.key}`} aria-hidden="true" />
          in a conference
        </Text>
        <Text size="xs" c="dimmed">
          <span className={`${classes.conflict} ${classes.key}`} aria-hidden="true" />
          while another one was on under the same user id
        </Text>
      </Group>
    </>
  )
}

/** Each conflict once, named, above the legs. */
function Bands({ legs, axis }: { readonly legs: ReadonlyArray<Leg>; readonly axis: Axis }) {
  const conflicts = new Map(legs.flatMap((leg) => (leg.conflict === '' ? [] : [[leg.conflict, leg] as const])))
  if (conflicts.size === 0) return null
  return (
    <div className={classes.row}>
      <Text size="sm" c="dimmed">
        Conflicts
      </Text>
      <div className={classes.lane}>
        {[...conflicts.values()].map(({ conflict, conflictFrom, conflictUntil, atOnce }) => (
          <span
            key={conflict}
            className={classes.band}
            style={spanOf(axis, conflictFrom, conflictUntil)}
            title={`Conflict ${conflict}: ${atOnce} at once, ${clockOf(conflictFrom)} to ${clockOf(conflictUntil)}`}
          >
            {isNarrow(axis, conflictFrom, conflictUntil) ? conflict : `${conflict}: ${atOnce} at once`}
          </span>
        ))}
      </div>
    </div>
  )
}

/** Without room for more than its number. */
const isNarrow = ({ from, until }: Axis, start: string, end: string) =>
  (Date.parse(end) - Date.parse(start)) / (until - from) < 0.09

function Lane({ leg, axis }: { readonly leg: Leg; readonly axis: Axis }) {
  const { key } = useScreenSearch()
  const setSearch = useSetSearch()
  const isChosen = key !== undefined && key === leg.conference
  const conflict = conflictOf(leg)
  return (
    <li className={classes.row}>
      <span className={classes.who} title={`${leg.who}, ${leg.conference}`}>
        {leg.who}
      </span>
      <div className={classes.lane}>
        {axis.ticks.map(({ at }) => (
          <span key={at} className={classes.line} style={{ left: spanOf(axis, at, at).left }} aria-hidden="true" />
        ))}
        <button
          type="button"
          className={`${classes.bar} ${isChosen ? classes.chosen : ''}`}
          style={spanOf(axis, leg.start, leg.end)}
          aria-pressed={isChosen}
          aria-label={wordsOf(leg)}
          title={wordsOf(leg)}
          onClick={() => setSearch({ key: isChosen ? undefined : leg.conference })}
        />
        {conflict && (
          <span className={classes.conflict} style={spanOf(axis, conflict.from, conflict.until)} aria-hidden="true" />
        )}
      </div>
    </li>
  )
}

function wordsOf({ who, conference, start, end, conflict, atOnce, conflictFrom, conflictUntil }: Leg): string {
  const said = `${who} in ${conference}, ${clockOf(start)} to ${clockOf(end)}`
  if (conflict === '') return said
  return `${said}; conflict ${conflict}, ${atOnce} at once, ${clockOf(conflictFrom)} to ${clockOf(conflictUntil)}`
}
