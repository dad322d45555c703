import { get } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen, readSettings } from '../src/index.ts'
import { type ServedCompany, servedCompany, tokenOf } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
})
afterAll(() => company.remove())

it('answers over a socket, lets a request under way come to its end, and takes none afterwards', async () => {
  const { app } = company.server
  let finish: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    finish = resolve
  })
  app.get('/slow', async (c) => {
    await gate
    return c.text('done')
  })
  const { url, stop } = await listen(company.server)
  const headers = { authorization: `Bearer ${tokenOf('machine')}` }
  const metrics = await (await fetch(`${url}/metrics`, { headers })).text()
  expect(metrics).toContain('spillway_http_requests_total')
  const file = await fetch(`${url}/v1/reports/charges?period=2026-10&format=csv`, { headers })
  expect([file.status, (await file.text()).split('\n').length > 3]).toEqual([200, true])
  expect((await fetch(`${url}/v1/docs/swagger-ui.css`)).headers.get('content-security-policy')).toContain(
    "style-src 'self';",
  )
  const slow = new Promise<string>((resolve, reject) => {
    get(`${url}/slow`, (response) => {
      let text = ''
      response.on('data', (piece) => {
        text += String(piece)
      })
      response.on('end', () => resolve(text))
    }).on('error', reject)
  })
  await fetch(`${url}/health/live`)
  const stopped = stop()
  expect((await app.request('/health/ready')).status).toBe(503)
  await expect(fetch(`${url}/health/live`)).rejects.toThrow()
  finish()
  expect(await slow).toBe('done')
  await stopped
})

it('refuses a port that another one has', async () => {
  const first = await listen(company.server)
  const port = Number(new URL(first.url).port)
  const { server } = company
  const taken = { ...server, services: { ...server.services, settings: { ...server.services.settings, port } } }
  await expect(listen(taken)).rejects.toMatchObject({
    kind: 'bad-command',
    message: expect.stringContaining('another program has it'),
  })
  await first.stop()
})

it('is set up by a file, by variables over it, and by options over both, and says what is wrong', async () => {
  const environment = { SPILLWAY_PORT: '81', SPILLWAY_TRUST_PROXY: 'true', SPILLWAY_ORIGIN: '', OTHER: 'x' }
  expect(await readSettings({ environment, given: { port: '82', host: undefined } })).toMatchObject({
    ...{ port: 82, host: '127.0.0.1', 'trust-proxy': true, 'session-days': 7 },
  })
  const bad = [
    [{ SPILLWAY_PORT: 'many' }, /port/],
    [{ SPILLWAY_ORIGIN: 'example' }, /origin/],
    [{ SPILLWAY_OPENID_ISSUER: 'https://id.example' }, /openid\.client-id/],
  ] as const
  for (const [variables, message] of bad)
    await expect(readSettings({ environment: variables })).rejects.toMatchObject({
      ...{ kind: 'bad-configuration', message: expect.stringMatching(message) },
    })
})
