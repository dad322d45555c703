import { describe, expect, it } from 'vitest'
import { AddressNotAllowed, checkedAddress, isBlocked } from './checked-address.ts'

describe('an address that a webhook may be sent to', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'ff02::1',
  ])('is not %s', (address) => {
    expect(isBlocked(address)).toBe(true)
  })

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('is %s', (address) => {
    expect(isBlocked(address)).toBe(false)
  })

  it('is looked at whatever name leads to it, in any spelling', async () => {
    const hosts = [
      'localhost',
      'http://0x7f000001',
      'http://2130706433',
      'http://127.1',
      'http://[::ffff:127.0.0.1]',
      'http://[::1]',
    ]
    for (const host of hosts) {
      const name = host.startsWith('http') ? new URL(host).hostname : host
      await expect(checkedAddress(name, { allowsPrivate: false }), host).rejects.toBeInstanceOf(AddressNotAllowed)
    }
    expect(await checkedAddress('[::1]', { allowsPrivate: true })).toEqual({ address: '::1', family: 6 })
  })
})
