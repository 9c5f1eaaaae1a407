import { expect, test } from '@jest/globals';
import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import { findTouched } from '../../../src/promotion/apply/find-touched.ts';
import type { TreeEntry } from '../../../src/promotion/ports/git.ts';
import { environment } from '../../domain/support.ts';
import { baseOf, settings, sha, snapshotOf } from '../support.ts';

const PATHS = [
  '.github/sluice.yml',
  'apps/checkout/dev/kustomization.yaml',
  'apps/checkout/prod/kustomization.yaml',
  'apps/checkout/qa/kustomization.yaml',
  'apps/payments/prod/kustomization.yaml',
  'README.md',
];

const entry = (path: string, text: string): TreeEntry => ({
  path,
  mode: '100644',
  type: 'blob',
  sha: sha(text),
  sizeBytes: 9,
});

function touchedBy(changed: string, after: readonly string[] = []) {
  const qa = environment('qa', ['dev']);
  const all = settings({ environments: [environment('dev'), qa, environment('prod', ['dev'])] });
  const snapshot = snapshotOf({ dev: 'v2', prod: 'v1' }, all);
  const location = (application: string, name: string) => ({
    application,
    environment: name,
    root: `apps/${application}/${name}`,
    isFile: false,
  });
  const [first] = snapshot.targets;
  const targets = [
    ...snapshot.targets,
    { ...first!, location: location('checkout', 'qa') },
    { ...first!, location: location('payments', 'prod') },
  ];
  const base = baseOf(PATHS.map((path) => entry(path, path)));
  const kept = PATHS.filter((path) => path !== changed);
  const moved = baseOf([...kept.map((path) => entry(path, path)), entry(changed, 'changed')]);
  const fresh = { ...moved, commit: { ...moved.commit, sha: sha('moved') } };
  const gates: GateSpec[] = [
    {
      kind: 'after',
      dependencies: after.map((application) => ({ application, version: null })),
    },
  ];
  const prod = { ...environment('prod', ['dev']), gates };
  return findTouched({ ...snapshot, base, targets }, fresh, { application: 'checkout', environment: prod });
}

test.each([
  '.github/sluice.yml',
  'apps/checkout/dev/kustomization.yaml',
  'apps/checkout/prod/kustomization.yaml',
  'apps/checkout/prod/new.yaml',
])('a promotion was judged by %s', (path) => {
  expect(touchedBy(path)).toBe(path);
});

test.each([
  'README.md',
  'apps/checkout/qa/kustomization.yaml',
  'apps/payments/prod/kustomization.yaml',
  'apps/checkout/production.yaml',
])('%s does not matter to it', (path) => {
  expect(touchedBy(path)).toBeNull();
});

test('an application that must go first matters', () => {
  const path = 'apps/payments/prod/kustomization.yaml';
  expect(touchedBy(path, ['payments'])).toBe(path);
});
