import { describe, expect, it } from 'vitest'
import { KeptReports, type PageBytes } from './kept-reports.ts'

const textOf = async (page: PageBytes | Promise<PageBytes>) => new TextDecoder().decode(await page)
const textsOf = (pages: ReadonlyArray<Promise<PageBytes>>) => Promise.all(pages.map(textOf))

/** An answer that comes when it is let go. */
function held(text: string) {
  let letGo: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    letGo = resolve
  })
  return { letGo, make: () => opened.then(() => text) }
}

describe('pages that were asked for before', () => {
  it('are made once for all who ask meanwhile and later', async () => {
    const kept = new KeptReports()
    let made = 0
    const make = async () => {
      made += 1
      return 'a page'
    }
    expect(await textsOf([kept.get('k', make), kept.get('k', make)])).toEqual(['a page', 'a page'])
    expect([await textOf(kept.get('k', make)), made]).toEqual(['a page', 1])
    await kept.get('another', make)
    expect(made).toBe(2)
  })

  it('are not kept where they failed', async () => {
    const kept = new KeptReports()
    await expect(kept.get('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await textOf(kept.get('k', async () => 'now'))).toBe('now')
  })

  it('are broken off once all who asked have gone away, and made anew for who asks then', async () => {
    const kept = new KeptReports()
    const signals: AbortSignal[] = []
    const make = (signal: AbortSignal) => {
      signals.push(signal)
      return new Promise<string>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('broken off')))
        if (signals.length === 2) resolve('a page')
      })
    }
    const [first, second] = [new AbortController(), new AbortController()]
    const asked = [kept.get('k', make, { signal: first.signal }), kept.get('k', make, { signal: second.signal })]
    const refused = Promise.all(asked.map((one) => expect(one).rejects.toThrow('broken off')))
    await Promise.resolve()
    first.abort()
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    second.abort()
    const again = kept.get('k', make, { signal: new AbortController().signal })
    await refused
    expect(await textOf(again)).toBe('a page')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(await textOf(kept.get('k', () => Promise.reject(new Error('made again'))))).toBe('a page')
  })

  it('wait for nobody where they take little', async () => {
    const kept = new KeptReports()
    const slow = [held('1'), held('2'), held('3')]
    const making = slow.map(({ make }, at) => kept.get(String(at), make))
    expect(await textOf(kept.get('quick', async () => 'at once', { isQuick: true }))).toBe('at once')
    expect(await textOf(kept.get('quick', () => Promise.reject(new Error('made again')), { isQuick: true }))).toBe(
      'at once',
    )
    await expect(kept.get('failed', () => Promise.reject(new Error('no')), { isQuick: true })).rejects.toThrow('no')
    for (const { letGo } of slow) letGo()
    expect(await textsOf(making)).toEqual(['1', '2', '3'])
  })

  it('are not begun for somebody who went away before their turn', async () => {
    const kept = new KeptReports()
    const [one, other] = [held('1'), held('2')]
    const making = [kept.get('1', one.make), kept.get('2', other.make)]
    const gone = new AbortController()
    const waiting = expect(kept.get('3', async () => '3', { signal: gone.signal })).rejects.toMatchObject({
      kind: 'cancelled',
    })
    gone.abort()
    one.letGo()
    other.letGo()
    await waiting
    expect(await textsOf(making)).toEqual(['1', '2'])
  })

  it('are made two at a time, and a failed one gives its place on', async () => {
    const kept = new KeptReports()
    const [first, second] = [held('1'), held('2')]
    const started: string[] = []
    const ask = (key: string, make: () => Promise<string>) =>
      kept.get(key, () => {
        started.push(key)
        return make()
      })
    const answers = [
      ask('1', first.make),
      ask('2', second.make),
      ask('3', () => Promise.reject(new Error('no'))),
      ask('4', async () => '4'),
    ]
    await Promise.resolve()
    expect(started).toEqual(['1', '2'])
    first.letGo()
    await expect(answers[2]).rejects.toThrow('no')
    expect(await textOf(answers[3] as Promise<PageBytes>)).toBe('4')
    second.letGo()
    expect([...(await textsOf(answers.slice(0, 2))), started]).toEqual(['1', '2', ['1', '2', '3', '4']])
  })

  it('are made in the order in which they take least, a long one beside none of its like', async () => {
    const kept = new KeptReports()
    const begun: string[] = []
    const slow = (key: string, kind: string, ms: number) =>
      kept.get(
        key,
        async () => {
          begun.push(key)
          await new Promise((resolve) => setTimeout(resolve, ms))
          return key
        },
        { kind },
      )
    await Promise.all([slow('first long', 'long', 250), slow('first short', 'short', 5)])
    begun.length = 0
    const asked = [
      slow('long', 'long', 100),
      slow('longer', 'long', 1),
      slow('short', 'short', 1),
      slow('shorter', 'short', 1),
    ]
    await Promise.all(asked)
    expect(begun).toEqual(['long', 'short', 'shorter', 'longer'])
  })
})
