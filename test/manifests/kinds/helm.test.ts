import type { PromoteRule } from '../../../src/domain/promote-rule.ts';
import { change, readKind, summary } from './support.ts';

const HELM: PromoteRule = {
  kind: 'helm',
  parts: ['tag', 'digest', 'repository', 'appVersion'],
  names: [],
};
const CHARTS: PromoteRule = { kind: 'charts', names: [] };

const VALUES = `replicas: 3
image:
  repository: ghcr.io/acme/checkout
  tag: 1.10 # the release
  pullPolicy: Always
web:
  image: {tag: "v2", digest: ""}
  imageTag: 175
sidecars:
  - name: proxy
    image: {repository: ghcr.io/acme/proxy, tag: v3}
ingress: {tag: unrelated}
backup: {repository: s3://x, retention: 3}
`;
const CHART = `apiVersion: v2
name: checkout
version: 0.3.0
appVersion: "1.10"
dependencies:
  - name: postgresql
    version: 15.2.1
    repository: https://charts.example.com
  - {name: redis, alias: cache, version: ">=18"}
`;

test('images in Helm values are read by their path, and what belongs to the environment is not', () => {
  expect(summary(readKind({ 'values.yaml': VALUES, 'Chart.yaml': CHART }, HELM))).toEqual([
    'helm  appVersion = 1.10',
    'helm image repository = ghcr.io/acme/checkout',
    'helm image tag = 1.10',
    'helm sidecars[proxy].image repository = ghcr.io/acme/proxy',
    'helm sidecars[proxy].image tag = v3',
  ]);
});

test('two tags of one image that differ are ambiguous', () => {
  expect(readKind({ 'values.yaml': VALUES }, HELM).ambiguous).toMatchObject([
    { name: 'web.image', part: 'tag', values: [{ value: '175' }, { value: 'v2' }] },
  ]);
});

test('a rule may take some images and parts', () => {
  const rule: PromoteRule = { kind: 'helm', parts: ['tag'], names: ['image', 'sidecars*'] };
  expect(summary(readKind({ 'values-prod.yaml': VALUES, 'Chart.yaml': CHART }, rule))).toEqual([
    'helm image tag = 1.10',
    'helm sidecars[proxy].image tag = v3',
  ]);
});

test('files are told by their names; templates and charts that are brought along are not read', () => {
  const files = {
    'checkout-values.yaml': VALUES,
    'charts/redis/values.yaml': VALUES,
    'templates/values.yaml': '{{ if .Values.x }}',
    'deployment.yaml': VALUES,
  };
  const paths = readKind(files, HELM).values.flatMap(({ occurrences }) =>
    occurrences.map(({ path }) => path),
  );
  expect([...new Set(paths)]).toEqual(['apps/checkout/prod-eu/checkout-values.yaml']);
});

test('versions of charts are read from Chart.yaml and from kustomizations alike', () => {
  const kustomization =
    'helmCharts:\n- name: postgresql\n  version: 15.2.1\n- name: minio\n  version: 5.0.0\n';
  expect(summary(readKind({ 'Chart.yaml': CHART, 'kustomization.yaml': kustomization }, CHARTS))).toEqual([
    'chart cache version = >=18',
    'chart minio version = 5.0.0',
    'chart postgresql version = 15.2.1',
  ]);
  expect(summary(readKind({ 'Chart.yaml': CHART }, { kind: 'charts', names: ['post*'] }))).toEqual([
    'chart postgresql version = 15.2.1',
  ]);
});

test('a value is changed on its own line', () => {
  const tag = change('values.yaml', VALUES, HELM, 'helm image tag', '1.11');
  expect(tag).toEqual(['  tag: "1.11" # the release']);
  expect(change('Chart.yaml', CHART, HELM, 'helm  appVersion', '1.20')).toEqual(['appVersion: "1.20"']);
  expect(change('Chart.yaml', CHART, CHARTS, 'chart cache version', '18.1.0')).toEqual([
    '  - {name: redis, alias: cache, version: "18.1.0"}',
  ]);
  expect(change('values.yaml', 'web: {imageTag: 175}\n', HELM, 'helm web.image tag', '176')).toEqual([
    'web: {imageTag: 176}',
  ]);
});

test('an alias is refused where it stands', () => {
  const text = 'x: &v v1\nimage:\n  repository: a\n  tag: *v\n';
  expect(readKind({ 'values.yaml': text }, HELM).problems).toMatchObject([
    { line: 4, message: expect.stringContaining('alias') },
  ]);
});
