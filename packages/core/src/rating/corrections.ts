// Corrections among usage: rows with a negative quantity. What drawing down does with them, and the check that finds them.

import type { UsageColumns } from './draw-down.ts'

/** What a service has of a class in negative rows, summed: always below 0. */
export type NegativeUsage = {
  /** By position among the group's services and classes. */
  readonly service: number
  readonly usageClass: number
  readonly quantityBase: bigint
}

/**
 * Columns without their negative rows, and what those come to by service and class, in that order. Drawing down refuses
 * negative rows as a Bug, because no bucket can say which units a correction gives back: the engine takes them out here,
 * and says the problem `negative-usage` of each service and class, with the account as its pool. They count as 0; a source
 * that corrects an event sends it again under its id.
 *
 * `quantityBase` is negative, or -Infinity with the exact quantity in `wide`.
 */
export function withoutNegative(columns: UsageColumns): {
  readonly columns: UsageColumns
  readonly negative: ReadonlyArray<NegativeUsage>
} {
  const { count, startMicros, quantityBase, service, usageClass, wide } = columns
  const kept: number[] = []
  const sums = new Map<number, Map<number, bigint>>()
  for (let event = 0; event < count; event += 1) {
    if (!((quantityBase[event] as number) < 0)) {
      kept.push(event)
      continue
    }
    const quantity = wide?.get(event) ?? BigInt(quantityBase[event] as number)
    const byClass = sums.get(service[event] as number) ?? new Map<number, bigint>()
    sums.set(service[event] as number, byClass)
    byClass.set(usageClass[event] as number, (byClass.get(usageClass[event] as number) ?? 0n) + quantity)
  }
  if (sums.size === 0) return { columns, negative: [] }
  const negative = [...sums].flatMap(([row, byClass]) =>
    [...byClass].map(([number, base]) => ({ service: row, usageClass: number, quantityBase: base })),
  )
  const keptWide = kept.flatMap((event, at) => {
    const quantity = wide?.get(event)
    return quantity === undefined ? [] : [[at, quantity] as const]
  })
  return {
    columns: {
      count: kept.length,
      startMicros: Float64Array.from(kept, (event) => startMicros[event] as number),
      quantityBase: Float64Array.from(kept, (event) => quantityBase[event] as number),
      service: Int32Array.from(kept, (event) => service[event] as number),
      usageClass: Int32Array.from(kept, (event) => usageClass[event] as number),
      ...(keptWide.length > 0 ? { wide: new Map(keptWide) } : {}),
    },
    negative: negative.sort((a, b) => a.service - b.service || a.usageClass - b.usageClass),
  }
}
