import type { PromoteRule } from '../../../src/domain/promote-rule.ts';
import { change, moves, readKind, summary } from './support.ts';

const FLUX: PromoteRule = { kind: 'flux', names: [] };

const OBJECTS = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo}
spec:
  chart:
    spec:
      version: "6.5.0" # chart
  values:
    replicas: 3
    image: {tag: 6.5.1}
  postRenderers:
    - kustomize: {images: [{name: redis, newTag: "7"}]}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: prod-eu-apps}
spec:
  images:
    - name: ghcr.io/acme/web
      newTag: v1
      digest: sha256:abc
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: apps_prod-eu}
spec: {ref: {branch: main, semver: ">=1.0", commit: 0123456789012345678901234567890123456789}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: prod-eu}
spec:
  ref:
    tag: \${podinfo_version}
    digest: sha256:def
`;

test('Flux objects hold versions, refs and images, under their names without the environment', () => {
  const held = readKind({ 'apps.yaml': OBJECTS }, FLUX);
  expect(held).toMatchObject({ problems: [], ambiguous: [] });
  expect(summary(held)).toEqual([
    'flux GitRepository apps commit = 0123456789012345678901234567890123456789',
    'flux GitRepository apps semver = >=1.0',
    'flux HelmRelease podinfo image tag = 6.5.1',
    'flux HelmRelease podinfo redis newTag = 7',
    'flux HelmRelease podinfo version = 6.5.0',
    'flux Kustomization apps ghcr.io/acme/web digest = sha256:abc',
    'flux Kustomization apps ghcr.io/acme/web newTag = v1',
    'flux OCIRepository {env} digest = sha256:def',
  ]);
});

test('a rule may take some objects', () => {
  const rule: PromoteRule = { kind: 'flux', names: ['apps'] };
  expect(readKind({ 'apps.yaml': OBJECTS }, rule).values).toHaveLength(4);
});

test.each([
  ['flux HelmRelease podinfo version', '6.6.0', '      version: "6.6.0" # chart'],
  ['flux HelmRelease podinfo image tag', '1e3', '    image: {tag: "1e3"}'],
  ['flux Kustomization apps ghcr.io/acme/web newTag', '012', '      newTag: "012"'],
  [
    'flux GitRepository apps semver',
    '1.2.3',
    'spec: {ref: {branch: main, semver: "1.2.3", commit: 0123456789012345678901234567890123456789}}',
  ],
])('%s becomes %s on its own line', (what, to, line) => {
  expect(change('apps.yaml', OBJECTS, FLUX, what, to)).toEqual([line]);
});

test('the kustomization.yaml of kustomize is none of Flux', () => {
  const text =
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages: [{name: a, newTag: b}]\n';
  expect(readKind({ 'kustomization.yaml': text }, FLUX).values).toEqual([]);
});

test('the constraint of a rule goes with the values that it reads', () => {
  const rules: PromoteRule[] = [FLUX, { kind: 'flux', names: ['podinfo'], allow: ['>=6'] }];
  const { values } = readKind({ 'apps.yaml': OBJECTS }, ...rules);
  expect(values.filter(({ allow }) => allow).map(({ part, allow }) => [part, allow])).toEqual([
    ['tag', ['>=6']],
    ['newTag', ['>=6']],
    ['version', ['>=6']],
  ]);
});

const release = (environment: string, chart: string, version: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: db-${environment}}\nspec: {chart: {spec: {chart: ${chart}, version: "${version}"}}, values: {image: {tag: ${version}.1}}}\n`;

const movesOf = (dev: string, prod: string) => moves({ 'dev/db.yaml': dev }, { 'prod/db.yaml': prod }, FLUX);

test.each([
  ['is the same', 'postgresql', 'postgresql', 'postgresql'],
  ['lies in a folder of the environment', './dev/postgresql', './prod/postgresql', 'postgresql'],
  ['is named after the environment', './charts/db-dev/', './charts/db-prod', 'db'],
])('a HelmRelease moves when its chart %s', (_, dev, prod, chart) => {
  expect(movesOf(release('dev', dev, '12.2.0'), release('prod', prod, '12.1.0'))).toEqual([
    `HelmRelease db ${chart} image tag: 12.1.0.1 -> 12.2.0.1`,
    `HelmRelease db ${chart} version: 12.1.0 -> 12.2.0`,
  ]);
});

test('nothing of a HelmRelease moves onto one of another chart', () => {
  const prod = release('prod', 'postgresql', '12.1.0');
  expect(movesOf(release('dev', 'postgresql-ha', '14.0.0'), prod)).toEqual([]);
});

test.each(['6', 'v6.5'])('%j stands for several versions of a chart, and stays', (version) => {
  const moved = movesOf(release('dev', 'postgresql', version), release('prod', 'postgresql', '5.1.0'));
  expect(moved.filter((line) => line.includes(' version: '))).toEqual([]);
});
