// Wires formats to the engine: every built-in importer and every saved Source mapping, behind the engine's intake port.
import type { Intake } from '@spillway/core'
import { loadConfiguration, type Workspace } from '@spillway/engine'
import { intakeWithSources } from '@spillway/formats'

export async function intakeOf(workspace: Workspace): Promise<Intake> {
  const sources = await loadConfiguration(workspace, 'Source')
  return intakeWithSources(sources.map(({ body }) => body))
}
