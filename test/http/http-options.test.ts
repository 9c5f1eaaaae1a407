import { isAddressAllowed } from '../../src/http/addresses.ts';
import { isHostAllowed } from '../../src/http/host-rules.ts';
import { readHttpOptions } from '../../src/http/http-options.ts';

const allows = (hosts: string, url: string) =>
  isHostAllowed(readHttpOptions({ SLUICE_HTTP_ALLOWED_HOSTS: hosts }).hosts, new URL(url));

test('nothing is allowed when nothing is set', () => {
  expect(readHttpOptions({})).toEqual({ hosts: [], addresses: [], secret: null, allowsInsecure: false });
  expect(allows('', 'https://status.example.com')).toBe(false);
});

test.each([
  ['status.example.com', 'https://status.example.com/x', true],
  ['Status.Example.com', 'https://STATUS.example.com/x', true],
  ['a.example, status.example.com', 'https://status.example.com', true],
  ['status.example.com', 'https://x.status.example.com', false],
  ['status.example.com', 'https://status.example.com:8443', false],
  ['status.example.com:8443', 'https://status.example.com:8443', true],
  ['status.example.com:8443', 'https://status.example.com', false],
  ['status.example.com:443', 'https://status.example.com', true],
  ['*.example.com', 'https://a.b.example.com', true],
  ['*.example.com', 'https://example.com', false],
  ['*.example.com', 'https://evilexample.com', false],
  ['[::1]:8443', 'https://[::1]:8443', true],
])('with %j the URL %s: %s', (hosts, url, isAllowed) => {
  expect(allows(hosts, url)).toBe(isAllowed);
});

test.each([
  '*',
  '*.com',
  'https://status.example.com',
  'a/b',
  'a b',
  'a@b',
  'a.*.com',
  'example.com.',
  ':80',
])('the host %j is refused at the start', (hosts) => {
  expect(() => readHttpOptions({ SLUICE_HTTP_ALLOWED_HOSTS: hosts })).toThrow('SLUICE_HTTP_ALLOWED_HOSTS');
});

test.each(['10', '10.0.0.0/33', 'localhost', '0x7f.1', '10.0.0.0-10.0.0.9'])(
  'the address %j is refused at the start',
  (addresses) => {
    expect(() => readHttpOptions({ SLUICE_HTTP_ALLOWED_ADDRESSES: addresses })).toThrow('ALLOWED_ADDRESSES');
  },
);

test('a typo in a switch is refused at the start', () => {
  expect(() => readHttpOptions({ SLUICE_HTTP_ALLOW_INSECURE: 'yes' })).toThrow('neither true nor false');
});

test('addresses that are not public are allowed one by one', () => {
  const { addresses } = readHttpOptions({
    SLUICE_HTTP_ALLOWED_ADDRESSES: '10.1.0.0/16, fd00::/8, 192.168.1.7',
  });
  const allowed = (address: string) => isAddressAllowed(address, addresses);
  expect(
    ['10.1.2.3', 'fd12::1', '192.168.1.7', '::ffff:10.1.2.3', '1.1.1.1', '2606:4700::1'].every(allowed),
  ).toBe(true);
  expect(['10.2.0.1', 'fc00::1', '192.168.1.8', '127.0.0.1', 'localhost', ''].some(allowed)).toBe(false);
});
