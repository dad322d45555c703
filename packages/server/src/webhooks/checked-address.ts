// Where a webhook may be sent: a public address, unless the server is set to allow others. The name is looked up once, and the
// connection goes to the address that was looked at: a name that answers differently the second time gains nothing.
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

export type CheckedAddress = { readonly address: string; readonly family: 4 | 6 }

/** Not of the public internet (IANA special-purpose registries), and what leads back into IPv4. */
const V4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
const V6 =
  '::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8'

function blockListOf(subnets: string, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const subnet of subnets.split(' ')) {
    const [net = '', prefix] = subnet.split('/')
    list.addSubnet(net, Number(prefix), family)
  }
  return list
}

// Apart, because a list takes every IPv4 address for one that is mapped into IPv6.
const BLOCKED = { ipv4: blockListOf(V4, 'ipv4'), ipv6: blockListOf(V6, 'ipv6') }

export class AddressNotAllowed extends Error {}

/** `host` as a URL has it. @throws AddressNotAllowed, or what the look-up fails with. */
export async function checkedAddress(
  host: string,
  { allowsPrivate }: { readonly allowsPrivate: boolean },
): Promise<CheckedAddress> {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(name)
  const found = family === 0 ? await lookup(name, { all: true, verbatim: true }) : [{ address: name, family }]
  const [first] = found
  if (!first) throw new AddressNotAllowed('the name has no address')
  // One that is not allowed among them is reason enough: which of them is taken is not ours to choose.
  if (!allowsPrivate && found.some(({ address }) => isBlocked(address)))
    throw new AddressNotAllowed('its address is not a public one')
  return { address: first.address, family: first.family === 6 ? 6 : 4 }
}

export function isBlocked(address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return BLOCKED[family].check(address, family)
}
