import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Server } from '../src/index.ts'
import { ask } from './ask.ts'
import { type ServedCompany, serveCompany } from './served-company.ts'

let served: ServedCompany
let server: Server
beforeAll(async () => {
  served = await serveCompany()
  server = served.server
}, 60_000)
afterAll(async () => {
  await server.services.warmUp.stop()
  await served.remove()
})

const metric = async (name: string) =>
  Number(new RegExp(`^${name} (.+)$`, 'm').exec(await server.services.metrics.text())?.[1])
