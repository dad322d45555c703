// What the viewer chose for themselves: locale, zone, currency, colours, height of rows. Kept by the server, so that they hold on every machine.
import { MantineThemeProvider, useMantineColorScheme } from '@mantine/core'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useAsk } from '../api/use-ask.ts'
import { DensityContext, TABLES } from './density.ts'
import { FormatContext } from './format.ts'

export function Preferences({ children }: { readonly children: ReactNode }) {
  const { data } = useAsk('getPreferences', {})
  const { setColorScheme } = useMantineColorScheme()
  const scheme = data?.colourScheme
  useEffect(() => {
    if (scheme !== undefined) setColorScheme(scheme === 'system' ? 'auto' : scheme)
  }, [scheme, setColorScheme])
  const settings = useMemo(
    () => ({
      locale: data?.locale ?? undefined,
      timeZone: data?.timeZone ?? undefined,
      currencyDisplay: data?.currencyDisplay ?? ('code' as const),
    }),
    [data],
  )
  const density = data?.density ?? 'comfortable'
  return (
    <FormatContext value={settings}>
      <DensityContext value={density}>
        <MantineThemeProvider theme={TABLES[density]}>{children}</MantineThemeProvider>
      </DensityContext>
    </FormatContext>
  )
}
