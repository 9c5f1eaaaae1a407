import { expect, test } from '@jest/globals';
import { makeMask } from '../../src/cli/mask-secrets.ts';

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nabc\n-----END RSA PRIVATE KEY-----\n';
const mask = makeMask([KEY, 'hunter22', 'p@ss word"1', null, undefined, 'info']);

test.each([
  ['a secret', 'the secret hunter22 is said', 'hunter22'],
  ['a secret within JSON', JSON.stringify({ a: 'p@ss word"1' }), 'ss word'],
  ['a secret within an address', `postgres://u:${encodeURIComponent('p@ss word"1')}@h/d`, 'word'],
  ['the private key within JSON', JSON.stringify({ key: KEY }), 'MIIEpAIBAAKCAQEA7'],
  ['another private key', JSON.stringify(KEY.replaceAll('M', 'N')), 'NIIEpAIBAAKCAQEA7'],
  ['a token of an installation', 'got ghs_16C7e42F292c6912E7710c838347Ae178B4a for', '292c6912'],
  ['a token of a person', 'github_pat_11ABCDEFG0abcdefghijkl_mnop', 'abcdefghijkl'],
  ['a JWT', 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3MDB9.c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
  ['a signature', `"x-hub-signature-256":"sha256=${'ab'.repeat(32)}"`, 'abab'],
  ['a header', '"authorization":"token 0123456789abcdef0123"', '0123456789'],
  ["an address's password", 'cannot reach postgres://sluice:s3cr3t@db:5432/x', 's3cr3t'],
])('%s is masked', (_, text, secret) => {
  expect(text).toContain(secret);
  expect(mask(text)).not.toContain(secret);
});

test('JSON stays JSON, and what is no secret stays as it is', () => {
  const line = JSON.stringify({ level: 'info', sha: 'ab'.repeat(20), msg: 'token of x', key: KEY });
  expect(JSON.parse(mask(line))).toEqual({
    level: 'info',
    sha: 'ab'.repeat(20),
    msg: 'token of x',
    key: '[secret]',
  });
});
