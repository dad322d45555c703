// The tree of cost centres, and amounts rolled up through it. Names circles and unknown parents; an amount is never lost
// or counted twice for them: whoever is on a circle stands as a root, and an unknown parent is a root of that id.
import type { CostCentre } from '../facts/fact.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type Problem, problem } from '../problem.ts'
import { canonicalText } from './canonical-text.ts'

export type CostCentreNode = {
  readonly id: string
  /** null where the id is only named as a parent. */
  readonly row: CostCentre | null
  readonly parent: CostCentreNode | null
  /** Ordered by id (bytes). */
  readonly children: ReadonlyArray<CostCentreNode>
}
export type CostCentreTree = {
  readonly nodes: ReadonlyMap<string, CostCentreNode>
  /** Ordered by id (bytes). */
  readonly roots: ReadonlyArray<CostCentreNode>
}

type Building = { id: string; row: CostCentre | null; parent: Building | null; children: Building[] }

/**
 * Builds the tree. `cost-centre-cycle` names a circle from its smallest id back to itself, each centre followed by its
 * parent; an import that would make one is to be refused. `cost-centre-unknown`: a parent that no row defines.
 */
export function buildCostCentreTree(rows: ReadonlyArray<CostCentre>): {
  tree: CostCentreTree
  problems: ReadonlyArray<Problem>
} {
  const problems: Problem[] = []
  const defined = uniqueRows(rows, problems)
  const nodes = new Map<string, Building>()
  for (const row of defined) nodes.set(row.costCentre, { id: row.costCentre, row, parent: null, children: [] })
  for (const { costCentre, parent } of defined) {
    if (parent === '') continue
    let above = nodes.get(parent)
    if (!above) {
      problems.push(problem('cost-centre-unknown', { costCentre: parent, usedBy: `cost centre ${costCentre}` }))
      above = { id: parent, row: null, parent: null, children: [] }
      nodes.set(parent, above)
    }
    ;(nodes.get(costCentre) as Building).parent = above
  }
  const circles = circlesAmong([...nodes.values()])
  for (const circle of circles) {
    for (const node of circle) node.parent = null
    const ids = circle.map((node) => node.id)
    problems.push(problem('cost-centre-cycle', { costCentres: [...ids, ids[0] as string] }))
  }
  const ordered = [...nodes.values()].sort((a, b) => compareBytes(a.id, b.id))
  for (const node of ordered) node.parent?.children.push(node)
  return { tree: { nodes, roots: ordered.filter((node) => node.parent === null) }, problems }
}

/** In order of id, each once; of rows that contradict each other the one whose text is smaller counts. */
function uniqueRows(rows: ReadonlyArray<CostCentre>, problems: Problem[]): CostCentre[] {
  const byId = new Map<string, CostCentre>()
  for (const row of rows) {
    const earlier = byId.get(row.costCentre)
    if (!earlier) {
      byId.set(row.costCentre, row)
      continue
    }
    const order = compareBytes(canonicalText(earlier), canonicalText(row))
    if (order === 0) continue
    problems.push(problem('duplicate-conflict', { id: row.costCentre, earlier: `parent "${earlier.parent}"` }))
    if (order > 0) byId.set(row.costCentre, row)
  }
  return [...byId.values()].sort((a, b) => compareBytes(a.costCentre, b.costCentre))
}

/** Each node has at most one parent, so a walk upwards either ends, meets an earlier walk, or closes a circle. */
function circlesAmong(nodes: ReadonlyArray<Building>): Building[][] {
  const walkOf = new Map<Building, number>()
  const circles: Building[][] = []
  for (const [walk, start] of nodes.entries()) {
    let node: Building | null = start
    while (node && !walkOf.has(node)) {
      walkOf.set(node, walk)
      node = node.parent
    }
    if (node && walkOf.get(node) === walk) circles.push(circleThrough(node))
  }
  return circles
}

function circleThrough(start: Building): Building[] {
  const circle: Building[] = [start]
  for (let node = start.parent as Building; node !== start; node = node.parent as Building) circle.push(node)
  const smallest = circle.reduce(
    (best, node, index) => (compareBytes(node.id, (circle[best] as Building).id) < 0 ? index : best),
    0,
  )
  return [...circle.slice(smallest), ...circle.slice(0, smallest)]
}

/** The centres above one, from its parent to the root; empty for a root and for an unknown id. */
export function ancestorsOf(tree: CostCentreTree, id: string): string[] {
  const ids: string[] = []
  for (let node = tree.nodes.get(id)?.parent; node; node = node.parent) ids.push(node.id)
  return ids
}

/** The centres below one, each before those below it, siblings in order of id. */
export function descendantsOf(tree: CostCentreTree, id: string): string[] {
  const start = tree.nodes.get(id)
  return start ? [...walkDown([start])].slice(1).map(({ node }) => node.id) : []
}

/** Depth first, parents before children, in order of id; on a stack of its own, for any depth. */
function* walkDown(roots: ReadonlyArray<CostCentreNode>): Generator<{ node: CostCentreNode; depth: number }> {
  const stack = [...roots].reverse().map((node) => ({ node, depth: 0 }))
  for (let next = stack.pop(); next; next = stack.pop()) {
    yield next
    for (let index = next.node.children.length - 1; index >= 0; index -= 1)
      stack.push({ node: next.node.children[index] as CostCentreNode, depth: next.depth + 1 })
  }
}

/** An amount of a cost centre, actual and adjusted; '' is the centre `unassigned`. */
export type CostCentreAmount = {
  readonly costCentre: string
  readonly currency: string
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
}
export type ActualAndAdjusted = { readonly actualMinor: bigint; readonly adjustedMinor: bigint }
/** A line of the tree in one currency; `total` = `own` + what the centres below it have. */
export type RolledUpCostCentre = {
  readonly costCentre: string
  readonly parent: string
  readonly name: string
  readonly depth: number
  readonly currency: string
  readonly own: ActualAndAdjusted
  readonly below: ActualAndAdjusted
  readonly total: ActualAndAdjusted
}

const NOTHING: ActualAndAdjusted = { actualMinor: 0n, adjustedMinor: 0n }
type Sums = Map<string, ActualAndAdjusted>

/**
 * Rolls amounts up the tree: one line per centre and currency that has money of its own or below it, depth first in
 * order of id, then of currency. `unassigned` ('') comes first; a centre that the tree does not know is a root of its own.
 * The totals of the roots (depth 0) sum to all that was given.
 */
export function rollUpCostCentres({
  tree,
  amounts,
}: {
  tree: CostCentreTree
  amounts: Iterable<CostCentreAmount>
}): RolledUpCostCentre[] {
  const own = new Map<string, Sums>()
  for (const amount of amounts) add(own, amount.costCentre, { [amount.currency]: amount })
  const strangers = [...own.keys()]
    .filter((id) => !tree.nodes.has(id))
    .map((id): CostCentreNode => ({ id, row: null, parent: null, children: [] }))
  const roots = [...strangers, ...tree.roots].sort((a, b) => compareBytes(a.id, b.id))
  const lines = [...walkDown(roots)]
  const below = new Map<string, Sums>()
  // Children stand after their parent, so from the end each centre is complete before it is added to its parent.
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const { node } = lines[index] as { node: CostCentreNode }
    if (!node.parent) continue
    for (const sums of [own.get(node.id), below.get(node.id)])
      if (sums) add(below, node.parent.id, Object.fromEntries(sums))
  }
  return lines.flatMap(({ node, depth }) => linesOf({ node, depth, own: own.get(node.id), below: below.get(node.id) }))
}

function add(sums: Map<string, Sums>, id: string, amounts: Readonly<Record<string, ActualAndAdjusted>>): void {
  const before = sums.get(id) ?? new Map<string, ActualAndAdjusted>()
  for (const [currency, amount] of Object.entries(amounts))
    before.set(currency, sum(before.get(currency) ?? NOTHING, amount))
  sums.set(id, before)
}

function sum(left: ActualAndAdjusted, right: ActualAndAdjusted): ActualAndAdjusted {
  return {
    actualMinor: left.actualMinor + right.actualMinor,
    adjustedMinor: left.adjustedMinor + right.adjustedMinor,
  }
}

function linesOf({
  node,
  depth,
  own,
  below,
}: {
  node: CostCentreNode
  depth: number
  own: Sums | undefined
  below: Sums | undefined
}): RolledUpCostCentre[] {
  const currencies = [...new Set([...(own?.keys() ?? []), ...(below?.keys() ?? [])])].sort(compareBytes)
  return currencies.map((currency) => {
    const [ownSum, belowSum] = [own?.get(currency) ?? NOTHING, below?.get(currency) ?? NOTHING]
    return {
      costCentre: node.id,
      parent: node.parent ? node.parent.id : '',
      name: node.row ? node.row.name : '',
      depth,
      currency,
      own: ownSum,
      below: belowSum,
      total: sum(ownSum, belowSum),
    }
  })
}
