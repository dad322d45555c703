// How the files of a draft are looked at again.
export type LookOptions = {
  readonly source?: string
  readonly again?: boolean
  readonly acceptEnds?: boolean
  readonly asOf?: string
}
