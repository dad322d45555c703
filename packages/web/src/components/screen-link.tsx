// A link to another screen; the month and the view go along unless another search is given.
import { Link } from '@tanstack/react-router'
import type { CSSProperties, ReactNode } from 'react'
import type { ScreenSearch } from '../app/search.ts'
import { keepPeriod } from './page-header.tsx'
import classes from './screen-link.module.css'

export type ScreenLinkProps = {
  readonly to: string
  readonly search?: ScreenSearch
  readonly children: ReactNode
  readonly className?: string | undefined
  readonly style?: CSSProperties
}

export function ScreenLink({ to, search, children, className, style }: ScreenLinkProps) {
  return (
    <Link
      to={to}
      search={(search ?? keepPeriod) as never}
      className={className ?? classes.link ?? ''}
      {...(style === undefined ? {} : { style })}
    >
      {children}
    </Link>
  )
}
