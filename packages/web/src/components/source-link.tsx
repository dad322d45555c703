// To the line of a file that a figure comes from, with its neighbours.
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ExplainedPlace } from './explained.ts'
import { ScreenLink } from './screen-link.tsx'
import classes from './source-link.module.css'

export function SourceLink({ at }: { readonly at: ExplainedPlace | null }) {
  if (!at) return <span>of our own bill</span>
  const bill = at.file === '' ? /^bill (.+)$/.exec(at.place)?.[1] : undefined
  if (bill !== undefined) return <ScreenLink to={`/customer-bills/${encodeURIComponent(bill)}`}>{at.place}</ScreenLink>
  const name = at.member === '' ? at.file : at.member
  const search = {
    key: at.batch ?? at.file_path,
    of: String(at.line),
    ...(at.member === '' ? {} : { tab: at.member }),
    ...(at.sheet === '' ? {} : { chosen: at.sheet }),
  }
  return (
    <Anchor
      inherit
      className={classes.source ?? ''}
      title={at.place}
      aria-label={`${name}:${at.line}`}
      renderRoot={(props) => <Link to="/source" search={search as never} {...props} />}
    >
      <span className={classes.file}>{name}</span>:{at.line}
    </Anchor>
  )
}
