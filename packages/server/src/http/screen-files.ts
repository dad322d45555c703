// Which files of the app a screen is made of, so that its page names them all: found one through the other they would come one
// after the other.

/** One address of the app as it was built: `/pools/$pool`, and what it loads beyond the first page. */
export type ScreenFiles = {
  readonly path: string
  readonly scripts: ReadonlyArray<string>
  readonly styles: ReadonlyArray<string>
}

/** As links for the head of the page; none for an address that no screen answers. */
export function linksOf(screens: ReadonlyArray<ScreenFiles>, path: string): string {
  const parts = path.replace(/(?<=.)\/$/, '').split('/')
  const answers = (screen: ScreenFiles) => {
    const own = screen.path.split('/')
    return own.length === parts.length && own.every((part, index) => part.startsWith('$') || part === parts[index])
  }
  // Where two answer, the one that names more of the address.
  const variables = ({ path: own }: ScreenFiles) => own.split('$').length
  const [screen] = screens.filter(answers).sort((one, other) => variables(one) - variables(other))
  if (screen === undefined) return ''
  const styles = screen.styles.map((file) => `<link rel="stylesheet" crossorigin href="${file}">`)
  const scripts = screen.scripts.map((file) => `<link rel="modulepreload" crossorigin href="${file}">`)
  return [...scripts, ...styles].join('\n')
}
