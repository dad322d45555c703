// The drawing of a chart: boxes for bars, one path for each line, placed by shares of the width, so that the browser alone fits them
// to it. A pointer over it reads one place along the axis; whoever has no pointer reads the table beneath.
import { type CSSProperties, type PointerEvent, useState } from 'react'
import classes from './chart.module.css'
import type { ChartPoint, ChartProps, ChartSeries } from './chart-props.ts'
import { CHARACTER_PX, downOf, labelSteps, levelsOf } from './chart-scale.ts'

const LABELS_PX = 22
const LEGEND_PX = 26
/** So that the figure of the topmost level is not cut. */
const ABOVE_PX = 9

/** A place among values: which levels, over how many pixels. */
type Scale = { readonly levels: ReadonlyArray<number>; readonly height: number }
type Drawn = Pick<ChartProps, 'points' | 'series'> & { readonly scale: Scale }

export function ChartDrawing(props: ChartProps) {
  const { kind, points, along, series, format, unit, height = 240, reference } = props
  const [at, setAt] = useState<number | null>(null)
  const levels = levelsOf(valuesOf(props), unit)
  const hasLegend = series.length > 1
  const scale = { levels, height: height - ABOVE_PX - LABELS_PX - (hasLegend ? LEGEND_PX : 0) }
  const point = at === null ? undefined : points[at]
  const follow = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const place = Math.floor(((event.clientX - left) / width) * points.length)
    setAt(Math.max(0, Math.min(points.length - 1, place)))
  }
  return (
    <div className={classes.drawing}>
      {hasLegend && <Legend series={series} />}
      <div
        className={classes.body}
        style={{ gridTemplateRows: `${scale.height}px ${LABELS_PX}px`, marginTop: ABOVE_PX }}
      >
        <div className={classes.levels}>
          {levels.map((level) => (
            <span key={level} style={topOf(level, scale)}>
              {format(level)}
            </span>
          ))}
        </div>
        <div className={classes.plot} onPointerMove={follow} onPointerDown={follow} onPointerLeave={() => setAt(null)}>
          {levels.map((level) => (
            <div key={level} className={level === 0 ? classes.zero : classes.level} style={topOf(level, scale)} />
          ))}
          {point !== undefined && <div className={classes.here} style={bandOf(at ?? 0, points.length)} />}
          {kind === 'bar' ? (
            <Bars points={points} series={series} scale={scale} />
          ) : (
            <Lines kind={kind} points={points} series={series} scale={scale} />
          )}
          {reference && (
            <div className={classes.reference} style={topOf(reference.value, scale)}>
              <span>{reference.label}</span>
            </div>
          )}
          {point !== undefined && <Reading {...props} point={point} place={at ?? 0} />}
        </div>
        <Along labels={points.map((one) => String(one[along] ?? ''))} />
      </div>
    </div>
  )
}

const topOf = (value: number, { levels, height }: Scale): CSSProperties => ({ top: downOf(value, levels, height) })
const bandOf = (place: number, count: number): CSSProperties => ({
  left: `${(place / count) * 100}%`,
  width: `${100 / count}%`,
})
const figureAt = (point: ChartPoint, key: string): number | null => {
  const value = point[key]
  return typeof value === 'number' ? value : null
}

function* valuesOf({ points, series, reference }: Pick<ChartProps, 'points' | 'series' | 'reference'>) {
  // What is far from it is seen as such.
  if (reference) yield reference.value
  for (const point of points) for (const { key } of series) yield figureAt(point, key) ?? 0
}

function Legend({ series }: Pick<ChartProps, 'series'>) {
  return (
    <div className={classes.legend} style={{ height: LEGEND_PX }}>
      {series.map(({ key, label, color }) => (
        <span key={key}>
          <i style={{ background: color }} />
          {label}
        </span>
      ))}
    </div>
  )
}

function Bars({ points, series, scale: { levels, height } }: Drawn) {
  const zero = downOf(0, levels, height)
  return (
    <div className={classes.bars} style={{ '--series': series.length } as CSSProperties}>
      {points.map((point, place) => (
        <div key={place}>
          {series.map(({ key, color }) => {
            const down = downOf(figureAt(point, key) ?? 0, levels, height)
            const [top, bottom] = [Math.min(down, zero), Math.max(down, zero)]
            return <i key={key} style={{ top, height: bottom - top, background: color }} />
          })}
        </div>
      ))}
    </div>
  )
}

function Lines({ kind, points, series, scale }: Drawn & { readonly kind: 'line' | 'area' }) {
  return (
    <svg
      className={classes.lines}
      viewBox={`0 0 ${points.length} ${scale.height}`}
      preserveAspectRatio="none"
      height={scale.height}
      aria-hidden="true"
    >
      {series.map((one) => (
        <g key={one.key} stroke={one.color} fill={one.color}>
          {kind === 'area' && <path className={classes.area} d={areaOf({ points, one, scale })} />}
          <path className={classes.line} d={lineOf({ kind, points, one, scale })} />
        </g>
      ))}
    </svg>
  )
}

type OneLine = { readonly points: ReadonlyArray<ChartPoint>; readonly one: ChartSeries; readonly scale: Scale }

/** From the middle of one place to the middle of the next; of an area in steps, each as wide as its place. Broken where there is no value. */
function lineOf({
  kind,
  points,
  one: { key },
  scale: { levels, height },
}: OneLine & { readonly kind: 'line' | 'area' }) {
  let path = ''
  let isDrawing = false
  for (const [place, point] of points.entries()) {
    const value = figureAt(point, key)
    if (value === null) {
      isDrawing = false
      continue
    }
    const down = downOf(value, levels, height)
    const to = isDrawing ? 'L' : 'M'
    // A place of its own between two without a value is a dot.
    path +=
      kind === 'area' ? `${to}${place} ${down}H${place + 1}` : `${to}${place + 0.5} ${down}${isDrawing ? '' : 'h0'}`
    isDrawing = true
  }
  return path
}

function areaOf({ points, one: { key }, scale: { levels, height } }: OneLine): string {
  const zero = downOf(0, levels, height)
  return points
    .map((point, place) => {
      const value = figureAt(point, key)
      return value === null ? '' : `M${place} ${zero}V${downOf(value, levels, height)}H${place + 1}V${zero}Z`
    })
    .join('')
}

/** The last one always; of the others as many as have room. */
function Along({ labels }: { readonly labels: ReadonlyArray<string> }) {
  const { wide, narrow, least } = labelSteps(labels)
  const room = (fromEnd: number) =>
    fromEnd % least === 0 ? '' : fromEnd % narrow === 0 ? classes.narrow : classes.wide
  return (
    <div className={classes.along}>
      {labels.map((label, place) => {
        const fromEnd = labels.length - 1 - place
        if (fromEnd % wide !== 0) return null
        return (
          <span key={place} className={room(fromEnd)} style={placeOf(label, { place, count: labels.length })}>
            {label}
          </span>
        )
      })}
    </div>
  )
}

/** In the middle of its place; the last one, however long, within the frame. */
function placeOf(label: string, { place, count }: { readonly place: number; readonly count: number }): CSSProperties {
  if (place > 0 && place === count - 1)
    return { right: `max(0px, ${50 / count}% - ${(label.length * CHARACTER_PX) / 2}px)`, transform: 'none' }
  return { left: `${((place + 0.5) / count) * 100}%` }
}

type ReadingProps = Pick<ChartProps, 'points' | 'series' | 'along' | 'format' | 'cellOf'> & {
  readonly point: ChartPoint
  readonly place: number
}

/** What the chart says at the pointer, as its table says it, on the side that has the room. */
function Reading({ points, series, along, format, cellOf, point, place }: ReadingProps) {
  const middle = ((place + 0.5) / points.length) * 100
  const side = middle < 50 ? { left: `${middle}%`, marginLeft: 14 } : { right: `${100 - middle}%`, marginRight: 14 }
  return (
    <div className={classes.reading} style={side}>
      <b>{point[along]}</b>
      {series.map(({ key, label, color }) => {
        const value = figureAt(point, key)
        return value === null ? null : (
          <span key={key}>
            <i style={{ background: color }} />
            {label}
            <span>{cellOf?.(point, key) ?? format(value)}</span>
          </span>
        )
      })}
    </div>
  )
}
