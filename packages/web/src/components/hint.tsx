// What to do about a problem, as the server says it: a command that a screen has too leads there.
import { Code } from '@mantine/core'
import { Fragment } from 'react'
import { hintParts } from './hint-parts.ts'
import { ScreenLink } from './screen-link.tsx'

export function Hint({ text }: { readonly text: string }) {
  return hintParts(text).map((part, place) => {
    const key = `${place} ${part.kind}`
    if (part.kind === 'text') return <Fragment key={key}>{part.text}</Fragment>
    if (part.kind === 'command') return <Code key={key}>{part.command}</Code>
    const { press, label, to, search, command } = part
    return (
      <Fragment key={key}>
        {press !== undefined && `“${press}” under `}
        <ScreenLink to={to} search={search} style={{ textDecoration: 'underline' }}>
          {label}
        </ScreenLink>{' '}
        (<Code>{command}</Code>)
      </Fragment>
    )
  })
}
