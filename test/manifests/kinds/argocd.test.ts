import type { PromoteRule } from '../../../src/domain/promote-rule.ts';
import { change, moves, readKind, summary } from './support.ts';

const ARGOCD: PromoteRule = { kind: 'argocd', names: [] };

const APPLICATION = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: checkout-prod-eu
spec:
  source:
    repoURL: https://github.com/acme/deploy
    targetRevision: v1.4.2 # pinned
    helm:
      parameters:
        - {name: image.tag, value: "1.10"}
        - {name: replicas, value: "3"}
      valuesObject:
        proxy: {image: {repository: ghcr.io/acme/proxy, digest: "sha256:abc"}}
    kustomize:
      images:
        - ghcr.io/acme/web:v1 # keep
        - job=localhost:5000/acme/job:v2@sha256:0123
        - ghcr.io/acme/plain
`;
const SET = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: shops}
spec:
  generators:
    - matrix:
        generators:
          - git: {revision: HEAD}
          - list:
              elements:
                - {name: cart, cluster: eu-1, targetRevision: v3, image: {tag: v4}, url: https://eu}
                - {name: mail, cluster: eu-1, version: 2.0.1, imageTag: v5}
  template:
    metadata: {name: "{{name}}"}
    spec:
      sources:
        - {repoURL: https://charts.example.com, chart: podinfo, targetRevision: 6.5.0}
        - {repoURL: https://github.com/acme/values.git, targetRevision: "{{targetRevision}}"}
`;

test('an Application holds its revision and its images, under its name without the environment', () => {
  const held = readKind({ 'app.yaml': APPLICATION }, ARGOCD);
  expect(held.problems).toEqual([]);
  expect(summary(held)).toEqual([
    'argocd checkout deploy ghcr.io/acme/web newTag = v1',
    'argocd checkout deploy image tag = 1.10',
    'argocd checkout deploy job digest = sha256:0123',
    'argocd checkout deploy job newName = localhost:5000/acme/job',
    'argocd checkout deploy job newTag = v2',
    'argocd checkout deploy proxy.image digest = sha256:abc',
    'argocd checkout deploy proxy.image repository = ghcr.io/acme/proxy',
    'argocd checkout deploy targetRevision = v1.4.2',
  ]);
});

test('an ApplicationSet holds what its lists and its template say, and not what the one fills into the other', () => {
  const held = readKind({ 'set.yaml': SET }, ARGOCD);
  expect(held.problems).toEqual([]);
  expect(summary(held)).toEqual([
    'argocd shops cart image tag = v4',
    'argocd shops cart targetRevision = v3',
    'argocd shops chart podinfo targetRevision = 6.5.0',
    'argocd shops mail image tag = v5',
    'argocd shops mail version = 2.0.1',
  ]);
});

test.each([
  ['argocd checkout deploy targetRevision', 'v1.5.0', '    targetRevision: v1.5.0 # pinned'],
  ['argocd checkout deploy image tag', '1.20', '        - {name: image.tag, value: "1.20"}'],
  ['argocd checkout deploy ghcr.io/acme/web newTag', 'v2', '        - ghcr.io/acme/web:v2 # keep'],
  ['argocd checkout deploy job newTag', 'v3', '        - job=localhost:5000/acme/job:v3@sha256:0123'],
  ['argocd checkout deploy job digest', 'sha256:45', '        - job=localhost:5000/acme/job:v2@sha256:45'],
  ['argocd checkout deploy job newName', 'ghcr.io/acme/job', '        - job=ghcr.io/acme/job:v2@sha256:0123'],
  [
    'argocd checkout deploy proxy.image digest',
    'sha256:de',
    '        proxy: {image: {repository: ghcr.io/acme/proxy, digest: "sha256:de"}}',
  ],
])('%s becomes %s on its own line', (what, to, line) => {
  expect(change('app.yaml', APPLICATION, ARGOCD, what, to)).toEqual([line]);
});

test.each(['v2@x', 'a:b', 'a/b', 'a b', 'x=y'])('%j cannot stand as a tag in an image', (to) => {
  const problems = change(
    'app.yaml',
    APPLICATION,
    ARGOCD,
    'argocd checkout deploy ghcr.io/acme/web newTag',
    to,
  );
  expect(problems).toEqual([expect.stringMatching(/^17: .*cannot stand as a newTag/)]);
});

test('other objects, and templates that are no YAML, are left alone', () => {
  const files = {
    'rollout.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: x}\nspec: {}\n',
    'chart.yaml': 'image: {{ .Values.image }}\n  x: [\n',
    'crd.json': '{"apiVersion": "v1", "kind": "Application", "metadata": {"name": "a"}}',
  };
  expect(readKind(files, ARGOCD)).toEqual({ values: [], ambiguous: [], problems: [] });
});

test('an Application that is no YAML is a problem', () => {
  const text = APPLICATION.replace('v1.4.2', '[');
  expect(readKind({ 'app.yaml': text }, ARGOCD).problems).toMatchObject([
    { path: 'apps/checkout/prod-eu/app.yaml', message: expect.stringContaining('not valid YAML') },
  ]);
});

const source = (environment: string, lines: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: checkout-${environment}}\nspec: {source: {${lines}}}\n`;
const set = (...elements: string[]) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: shops}\nspec: {generators: [{list: {elements: [${elements.join(', ')}]}}]}\n`;

test.each([
  [
    'its Application has its name',
    source('dev', 'repoURL: https://github.com/acme/deploy.git, targetRevision: v2'),
    source('prod', 'repoURL: "git@github.com:acme/deploy", targetRevision: v1'),
    'checkout deploy targetRevision: v1 -> v2',
  ],
  [
    'the repository has its name',
    source('dev', 'repoURL: https://github.com/acme/deploy-dev, targetRevision: v2'),
    source('prod', 'repoURL: https://github.com/acme/deploy-prod, targetRevision: v1'),
    'checkout deploy targetRevision: v1 -> v2',
  ],
  [
    'a chart is deployed',
    source('dev', 'chart: podinfo, repoURL: https://charts.dev.acme.io, targetRevision: 6.6.0'),
    source('prod', 'chart: podinfo, repoURL: https://charts.acme.io, targetRevision: 6.5.0'),
    'checkout chart podinfo targetRevision: 6.5.0 -> 6.6.0',
  ],
  [
    'the only element is its cluster',
    set('{cluster: dev, revision: v2}'),
    set('{cluster: prod, revision: v1}'),
    'shops revision: v1 -> v2',
  ],
  [
    'the only element is another cluster',
    set('{cluster: in-cluster, revision: v2}'),
    set('{cluster: eu-1, revision: v1}'),
    'shops revision: v1 -> v2',
  ],
  [
    'one of its clusters has its name',
    set('{cluster: dev, revision: v2}'),
    set('{cluster: prod, revision: v1}', '{cluster: spare, revision: v1}'),
    'shops revision: v1 -> v2',
  ],
  [
    'an element has its name',
    set('{name: cart-dev, chart: cart, version: 1.1.0}', '{name: mail-dev, version: 2.1.0}'),
    set('{name: cart-prod, chart: cart, version: 1.0.0}'),
    'shops cart chart cart version: 1.0.0 -> 1.1.0',
  ],
])('a value moves to the next environment when %s', (_, dev, prod, moved) => {
  expect(moves({ 'dev/app.yaml': dev }, { 'prod/app.yaml': prod }, ARGOCD)).toEqual([moved]);
});

test('an Application moves between files that are named after it', () => {
  const [dev, prod] = ['v2', 'v1'].map(
    (tag) => `repoURL: https://github.com/acme/deploy, targetRevision: ${tag}`,
  );
  const files = [
    { 'apps/dev/checkout.yaml': source('dev', dev!) },
    { 'apps/prod/checkout.yaml': source('prod', prod!) },
  ] as const;
  const expected = ['checkout deploy targetRevision: v1 -> v2'];
  expect(moves(...files, ARGOCD, (environment) => `apps/${environment}`)).toEqual(expected);
  expect(moves(...files, ARGOCD, (environment) => `apps/${environment}/checkout.yaml`)).toEqual(expected);
});

test.each([
  [
    'the only elements of two sets',
    set('{name: cert-manager, version: 1.14.0}'),
    set('{name: external-dns, version: 1.13.0}'),
  ],
  [
    'elements of other charts',
    set('{cluster: dev, chart: cert-manager, version: 1.14.0}'),
    set('{cluster: prod, chart: external-dns, version: 1.13.0}'),
  ],
  [
    'a chart and a repository of one name',
    source('dev', 'chart: checkout, repoURL: https://charts.acme.io, targetRevision: 6.5.0'),
    source('prod', 'repoURL: https://github.com/acme/checkout, targetRevision: v1.2.0'),
  ],
  [
    'two repositories',
    source('dev', 'repoURL: https://github.com/acme/deploy, targetRevision: v2'),
    source('prod', 'repoURL: https://github.com/acme/legacy, targetRevision: v1'),
  ],
])('nothing moves between %s', (_, dev, prod) => {
  expect(moves({ 'dev/app.yaml': dev }, { 'prod/app.yaml': prod }, ARGOCD)).toEqual([]);
});

test.each([
  [
    'a source',
    (version: string) => source('dev', `chart: a, repoURL: https://c.io, targetRevision: "${version}"`),
  ],
  ['an element', (version: string) => set(`{chart: a, version: "${version}"}`)],
  ['an element beside a revision', (version: string) => set(`{name: a, chartVersion: "${version}"}`)],
])('a version of a chart that leaves out parts stays: %s', (_, text) => {
  const at = (version: string, environment: string) => ({
    [`${environment}/app.yaml`]: text(version).replace('checkout-dev', `checkout-${environment}`),
  });
  expect(moves(at('6', 'dev'), at('5.1.0', 'prod'), ARGOCD)).toEqual([]);
  expect(moves(at('6.0.0', 'dev'), at('5.1.0', 'prod'), ARGOCD)).toHaveLength(1);
});

test('a tag of a repository may leave out parts', () => {
  const at = (tag: string, name: string) =>
    source(name, `repoURL: https://github.com/acme/deploy, targetRevision: ${tag}`);
  const moved = moves({ 'dev/a.yaml': at('v6', 'dev') }, { 'prod/a.yaml': at('v5', 'prod') }, ARGOCD);
  expect(moved).toEqual(['checkout deploy targetRevision: v5 -> v6']);
});
