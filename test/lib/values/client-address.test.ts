import { parseAddress, toClientKey } from '../../../lib/values/client-address';

describe('parseAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:5', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]:5000', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s is %s', (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });

  it.each([
    '',
    'unknown',
    '1.2.3',
    '0x7f.1',
    '1.2.3.4.5',
    '1.2.3.4:x',
    '<b>1.2.3.4</b>',
    '1.2.3.4\n',
    '[::1',
    'é',
  ])('takes %j for no address', (text) => {
    expect([parseAddress(text), toClientKey(text)]).toEqual([undefined, undefined]);
  });
});

describe('toClientKey', () => {
  it.each([
    ['192.0.2.1:5', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::', '2001:db8:1:3::/64'],
    ['::1', '::/64'],
    ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
  ])('of %s is %s', (text, key) => {
    expect(toClientKey(text)).toBe(key);
  });
});
