// A link amid words: underlined, as colour alone would not tell it from them.
import { ScreenLink, type ScreenLinkProps } from '../../components/screen-link.tsx'

export function TextLink(props: ScreenLinkProps) {
  return <ScreenLink {...props} style={{ textDecoration: 'underline' }} />
}
