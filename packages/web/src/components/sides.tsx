// A list, and beside it what is chosen of it; in a small window one above the other. And the frame that a list scrolls in.
import type { ReactNode } from 'react'
import classes from './sides.module.css'

export type SidesProps = {
  readonly list: ReactNode
  readonly panel: ReactNode
  /** The panel has the room, and the list is narrow. */
  readonly isPanelWide?: boolean
}

export function Sides({ list, panel, isPanelWide = false }: SidesProps) {
  return (
    <div className={isPanelWide ? `${classes.sides} ${classes.wide}` : classes.sides}>
      <div>{list}</div>
      <div className={classes.panel}>{panel}</div>
    </div>
  )
}

export function ListFrame({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section className={`${classes.frame} more-aside`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

/** Of a table's cell that holds a figure. */
export const figureClass = classes.figure ?? ''
