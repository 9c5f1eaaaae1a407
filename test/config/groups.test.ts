import { parseConfig } from '../../src/config/parse-config.ts';

function read(group: string) {
  return parseConfig(`path: apps/{app}/{env}
environments:
  dev:
  prod:
    from: dev
    group: ${group}
`);
}

test.each([
  ['all', [{ name: 'all', applications: ['**'] }]],
  ['{ train: checkout }', [{ name: 'train', applications: ['checkout'] }]],
  [
    '{ train: [checkout, "pay-*"], rest: "**" }',
    [
      { name: 'train', applications: ['checkout', 'pay-*'] },
      { name: 'rest', applications: ['**'] },
    ],
  ],
])('group: %s', (written, groups) => {
  const parsed = read(written);
  expect(parsed.ok && parsed.settings.environments[1]?.groups).toEqual(groups);
});

test.each([
  ['some', 'write `all`, or a map from the name of each group to globs of its applications'],
  ['[checkout]', 'write `all`, or a map'],
  ['{ "a b": checkout }', 'the name of a group has letters'],
  ['{ a.lock: checkout }', 'the name of a group has letters'],
  ['{ train: [] }', 'the list is empty'],
])('group: %s is refused with its line', (written, message) => {
  const parsed = read(written);
  expect(parsed).toMatchObject({
    ok: false,
    problems: [{ line: 6, message: expect.stringContaining(message) }],
  });
});

test('a group where builds arrive is refused', () => {
  const parsed = parseConfig('path: apps/{app}/{env}\nenvironments:\n  dev: { group: all }\n');
  expect(parsed).toMatchObject({
    ok: false,
    problems: [{ line: 3, message: 'dev takes builds, which come one by one; a group needs `from:`' }],
  });
});
