// Choices from one seed: the same seed gives the same files, on every machine.
import { seeded } from '../variants.ts'

export class Random {
  private readonly next: () => number

  constructor(seed: number) {
    this.next = seeded(seed)
  }

  /** From `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(values: ReadonlyArray<T>): T {
    return values[this.integer(0, values.length - 1)] as T
  }

  shuffled<T>(values: ReadonlyArray<T>): T[] {
    const left = [...values]
    return values.map(() => left.splice(this.integer(0, left.length - 1), 1)[0] as T)
  }
}
