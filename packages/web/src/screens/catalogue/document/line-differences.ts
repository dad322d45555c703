// What is different between two texts, line by line: what both have in the same order stays, the rest was taken out or put in.

export type Line = { readonly sign: ' ' | '-' | '+'; readonly text: string }

/** Of texts of a few thousand lines; the longest sequence that both have is kept. */
export function lineDifferences(before: string, after: string): ReadonlyArray<Line> {
  const [a, b] = [linesOf(before), linesOf(after)]
  const lengths = longest(a, b)
  const found: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ sign: ' ', text: a[i] as string })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      found.push({ sign: '-', text: a[i] as string })
      i += 1
    } else {
      found.push({ sign: '+', text: b[j] as string })
      j += 1
    }
  }
  return found
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** How many lines the rests from i and from j have in common. */
function longest(a: ReadonlyArray<string>, b: ReadonlyArray<string>): ReadonlyArray<Uint32Array> {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as Uint32Array
      row[j] = a[i] === b[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
    }
  return lengths
}

const at = (lengths: ReadonlyArray<Uint32Array>, i: number, j: number): number => lengths[i]?.[j] ?? 0

/** Only what differs, with `around` lines of what does not beside it; null where lines were left out. */
export function onlyChanges(lines: ReadonlyArray<Line>, around = 3): ReadonlyArray<Line | null> {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ sign }) => sign !== ' '),
  )
  return lines.flatMap((line, index) => {
    if (isNear[index]) return [line]
    return index === 0 || isNear[index - 1] ? [null] : []
  })
}
