// Numbers that look random and are the same on every machine: each question has its own stream, named by a text, so that
// a new question never moves the answers to the old ones. Refuses nothing; no clock, no Math.random.

/** FNV-1a, 32 bits. */
function seedOf(key: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(`wychbold/${key}`, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** A stream of integers (mulberry32) named by its key. */
export class Random {
  private state: number

  constructor(key: string) {
    this.state = seedOf(key)
  }

  /** An integer from `least` to `most`, both possible. */
  int(least: number, most: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return least + (((mixed ^ (mixed >>> 14)) >>> 0) % (most - least + 1))
  }

  isOneIn(count: number): boolean {
    return this.int(1, count) === 1
  }
}

/** One of them, each as likely. */
export function oneOf<T>(random: Random, choices: ReadonlyArray<T>): T {
  const chosen = choices[random.int(0, choices.length - 1)]
  if (chosen === undefined) throw new Error('there is nothing to choose from')
  return chosen
}
