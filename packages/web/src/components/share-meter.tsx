// How much of something is used or spent: a bar and its share in percent. Colour repeats what the figure says.
import { Progress, Text } from '@mantine/core'
import { useFormat } from '../app/format.ts'

export type ShareMeterProps = {
  /** 1 is all of it. */
  readonly share: string
  readonly barWidth: number
}

export function ShareMeter({ share: text, barWidth }: ShareMeterProps) {
  const format = useFormat()
  const share = Number(text)
  return (
    <>
      <Progress value={Math.min(100, share * 100)} color={colorOf(share)} w={barWidth} aria-hidden />
      <Text span size="sm" fw={share > 1 ? 650 : 400} miw={58} ta="right">
        {format.share(text)}
      </Text>
    </>
  )
}

const colorOf = (share: number) => (share > 1 ? 'red' : share > 0.9 ? 'yellow' : 'indigo')
