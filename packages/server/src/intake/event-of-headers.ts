// An event in binary mode (CloudEvents 1.0, HTTP binding): the attributes are headers that begin with `ce-`, the body is its data.
import { Refusal } from '@spillway/core'

const PREFIX = 'ce-'

/** As the text of one JSON object; the data stay the text that was sent. @throws Refusal `bad-command`. */
export function eventOfHeaders(headers: Headers, data: string): string {
  const attributes: Record<string, string> = {}
  for (const [name, value] of headers)
    if (name.startsWith(PREFIX)) attributes[name.slice(PREFIX.length)] = decodedHeader(name, value)
  if ('data' in attributes || 'datacontenttype' in attributes)
    throw new Refusal('bad-command', 'An event has no header ce-data or ce-datacontenttype.', {
      hint: 'Its data are the body, and their type is content-type.',
    })
  try {
    JSON.parse(data)
  } catch {
    throw new Refusal('bad-command', 'The data of the event are no JSON.', { hint: 'Send them as JSON.' })
  }
  const head = JSON.stringify({ ...attributes, datacontenttype: 'application/json' })
  return `${head.slice(0, -1)},"data":${data}}`
}

/** What is not ASCII is percent-encoded. @throws Refusal `bad-command`. */
function decodedHeader(name: string, value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new Refusal('bad-command', `The header ${name} cannot be read.`, {
      hint: 'Percent-encode what is not ASCII.',
    })
  }
}
