import type { PromoteRule } from '../../../src/domain/promote-rule.ts';
import { change, moves, readKind, summary } from './support.ts';

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

const image = (tag: string) => `image: {repository: ghcr.io/acme/web, tag: ${tag}}\n`;

test.each([
  ['values.yaml', 'values.yaml', 'image'],
  ['values.yml', 'values.yaml', 'image'],
  ['values-dev.yaml', 'values-prod.yaml', 'image'],
  ['values.yaml', 'values-prod.yaml', 'image'],
  ['web/values-dev.yaml', 'web/values-prod.yaml', 'web/values.yaml image'],
  ['envs/dev/values.yaml', 'envs/prod/values.yaml', 'envs/{env}/values.yaml image'],
  ['web-dev/values.yaml', 'web-prod/values.yaml', 'web/values.yaml image'],
])('an image moves from %s to %s', (dev, prod, name) => {
  const files = [{ [`charts/${dev}`]: image('v2') }, { [`charts/${prod}`]: image('v1') }] as const;
  expect(moves(...files, HELM, () => 'charts')).toEqual([`${name} tag: v1 -> v2`]);
});

test('an image moves between targets whose folders, or files, share no name', () => {
  const files = [{ 'dev/values.yaml': image('v2') }, { 'clusters/live/values.yaml': image('v1') }] as const;
  const folders = { dev: 'dev', prod: 'clusters/live' };
  const rootOf = (below: string) => (environment: string) =>
    `${environment === 'dev' ? folders.dev : folders.prod}${below}`;
  expect(moves(...files, HELM, rootOf(''))).toEqual(['image tag: v1 -> v2']);
  expect(moves(...files, HELM, rootOf('/values.yaml'))).toEqual(['image tag: v1 -> v2']);
});

test.each([
  ['web/values.yaml', 'api/values.yaml', image],
  ['web/values.yaml', 'values.yaml', image],
  ['web-values.yaml', 'api-values.yaml', image],
  ['web/Chart.yaml', 'api/Chart.yaml', (version: string) => `appVersion: ${version}\n`],
])('nothing moves from %s to %s', (dev, prod, text) => {
  expect(moves({ [`dev/${dev}`]: text('v2') }, { [`prod/${prod}`]: text('v1') }, HELM)).toEqual([]);
});

test('images of two charts in one target move each on its own', () => {
  const at = (environment: string, web: string, api: string) => ({
    [`${environment}/web/values.yaml`]: image(web),
    [`${environment}/api/values.yaml`]: image(api),
  });
  expect(moves(at('dev', 'v2', 'v5'), at('prod', 'v1', 'v4'), HELM)).toEqual([
    'api/values.yaml image tag: v4 -> v5',
    'web/values.yaml image tag: v1 -> v2',
  ]);
});

test('a version of a chart that leaves out parts stays', () => {
  const chart = (version: string) => `dependencies: [{name: redis, version: "${version}"}]\n`;
  const at = (version: string) => ({ 'dev/Chart.yaml': chart(version) });
  expect(moves(at('18'), { 'prod/Chart.yaml': chart('17.1.0') }, CHARTS)).toEqual([]);
  expect(moves(at('18.0.0'), { 'prod/Chart.yaml': chart('17.1.0') }, CHARTS)).toEqual([
    'redis version: 17.1.0 -> 18.0.0',
  ]);
});
