import { expect, test } from '@jest/globals';
import { CONFIG_MAP, reasonOf, render } from './support.ts';

test.each([
  ['a lone CR', '\r'],
  ['NEL', '\u0085'],
  ['LS', '\u2028'],
  ['PS', '\u2029'],
])('%s in a comment does not hide a base that only kustomize sees', async (_, lineBreak) => {
  const files = {
    'app/kustomization.yaml': `resources:\n- a.yaml # x${lineBreak}- http://127.0.0.1:9/b.yaml\n`,
    'app/a.yaml': CONFIG_MAP,
  };
  expect(await reasonOf(files, 'app')).toMatch(/`app\/kustomization.yaml` has a line break/);
});

test('CRLF is a line break to everybody', async () => {
  const files = { 'app/kustomization.yaml': 'resources:\r\n- a.yaml\r\n', 'app/a.yaml': CONFIG_MAP };
  expect(await render(files, 'app')).toMatchObject({ ok: true });
});
