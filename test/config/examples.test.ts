import { readdirSync, readFileSync } from 'node:fs';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { environmentResolver } from '../../src/promotion/observe/resolve-environment.ts';

const FOLDER = new URL('../../docs/examples/', import.meta.url);

function read(name: string): Settings {
  const parsed = parseConfig(readFileSync(new URL(name, FOLDER), 'utf8'), { path: `docs/examples/${name}` });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}

test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.yml')))(
  '%s is right and has 20 lines at most',
  (name) => {
    expect(read(name).environments.length).toBeGreaterThan(1);
    expect(readFileSync(new URL(name, FOLDER), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  },
);

test.each([
  ['govuk-image-tags.yml', ['test', 'integration', 'staging', 'production'], ['field']],
  ['flux2-kustomize-helm-example.yml', ['staging', 'production'], ['field']],
  ['infra-deployments.yml', ['development', 'staging', 'production'], ['images', 'refs']],
])('%s has the environments and rules of its repository', (name, environments, rules) => {
  const settings = read(name);
  expect(settings.environments.map((environment) => environment.name)).toEqual(environments);
  expect(settings.promote.map(({ kind }) => kind)).toEqual(rules);
});

test('the guide shows the example of overrides as it is, and what becomes of it', () => {
  const guide = readFileSync(new URL('../guide/defaults-and-overrides.md', FOLDER), 'utf8');
  const example = readFileSync(new URL('payments.yml', FOLDER), 'utf8');
  expect(guide).toContain(example.replace(/^#.*\n/, ''));

  const settings = read('payments.yml');
  const resolve = environmentResolver(settings);
  const rows = [...guide.matchAll(/^\| `([^`]+)` +\| `([^`]+)` +\| (.*?) +\| (\w+) +\| `(.*?)` +\|$/gm)];
  expect(rows).toHaveLength(5);
  for (const [, application = '', name, gates, autoMerge, reviewers] of rows) {
    const stage = settings.environments.find((each) => each.name === name)!;
    const resolved = resolve(stage, application);
    expect(resolved.gates.map(({ kind }) => `\`${kind}\``).join(', ') || 'none').toBe(gates);
    expect([resolved.autoMerge ? 'yes' : 'no', resolved.reviewers.join()]).toEqual([autoMerge, reviewers]);
  }
});
