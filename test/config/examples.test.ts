import { readdirSync, readFileSync } from 'node:fs';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Settings } from '../../src/domain/settings.ts';

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
