import { parseRemoteBase } from '../../src/manifests/remote-base.ts';

test.each([
  ['https://github.com/acme/shop/config/default?ref=v1', 'github.com/acme/shop'],
  ['https://GitHub.com/acme/shop.git//config?ref=v1', 'github.com/acme/shop'],
  ['https://github.com/acme/shop?submodules=0&ref=v1', 'github.com/acme/shop'],
  ['https://bot:secret@github.com/acme/shop//config?ref=v1&depth=1', 'github.com/acme/shop'],
  ['github.com/acme/shop//config/default?ref=v1', 'github.com/acme/shop'],
  ['github.com/acme/shop/config//default?ref=v1', 'github.com/acme/shop'],
  ['git@github.com:acme/shop.git?ref=v1', 'github.com/acme/shop'],
  ['git@github.com:acme/shop//config?ref=v1', 'github.com/acme/shop'],
  ['git::https://github.com/acme/shop.git//config?ref=v1', 'github.com/acme/shop'],
  ['git::git@github.com:acme/shop.git?ref=v1', 'github.com/acme/shop'],
  ['ssh://git@github.com/acme/shop.git/config?ref=v1', 'github.com/acme/shop'],
  ['ssh://git@git.acme.io:2222/team/shop.git?ref=v1', 'git.acme.io:2222/team/shop'],
  ['https://gitlab.com/acme/team/shop.git//config?ref=v1', 'gitlab.com/acme/team/shop'],
  ['https://gitlab.com/acme/team/shop//config?ref=v1', 'gitlab.com/acme/team/shop'],
  ['https://dev.azure.com/acme/team/_git/shop/config?ref=v1', 'dev.azure.com/acme/team/_git/shop'],
  ['https://forge/acme/shop?ref=v1', 'forge/acme/shop'],
])('%s is %s at v1', (text, name) => {
  const base = parseRemoteBase(text);
  expect(base).toMatchObject({ name, ref: 'v1' });
  expect(text.slice(base?.refStart, base?.refEnd)).toBe('v1');
});

test.each([
  '../base',
  '../base?ref=v1',
  'base/checkout?ref=v1',
  'https://github.com/acme/shop',
  'https://github.com/acme/shop?ref=',
  'https://github.com/acme/shop&ref=v1',
  'https://github.com/acme?ref=v1',
  'git::file:///etc/shop?ref=v1',
  'file:///etc/shop/x?ref=v1',
  '?ref=v1',
])('%s is no remote base with a ref', (text) => expect(parseRemoteBase(text)).toBeNull());

test('a hostile megabyte is answered at once', () => {
  expect(parseRemoteBase(`https://github.com/${'/'.repeat(1_000_000)}?ref=v1`)).toBeNull();
  expect(parseRemoteBase(`${'a.'.repeat(500_000)}/x/y?ref=v1`)).toBeNull();
});
