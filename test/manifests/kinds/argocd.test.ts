import type { PromoteRule } from '../../../src/domain/promote-rule.ts';
import { change, readKind, summary } from './support.ts';

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
    'argocd checkout ghcr.io/acme/web newTag = v1',
    'argocd checkout image tag = 1.10',
    'argocd checkout job digest = sha256:0123',
    'argocd checkout job newName = localhost:5000/acme/job',
    'argocd checkout job newTag = v2',
    'argocd checkout proxy.image digest = sha256:abc',
    'argocd checkout proxy.image repository = ghcr.io/acme/proxy',
    'argocd checkout targetRevision = v1.4.2',
  ]);
});

test('an ApplicationSet holds what its lists and its template say, and not what the one fills into the other', () => {
  const held = readKind({ 'set.yaml': SET }, ARGOCD);
  expect(held.problems).toEqual([]);
  expect(summary(held)).toEqual([
    'argocd shops cart image tag = v4',
    'argocd shops cart targetRevision = v3',
    'argocd shops mail image tag = v5',
    'argocd shops mail version = 2.0.1',
    'argocd shops podinfo targetRevision = 6.5.0',
  ]);
});

test.each([
  ['argocd checkout targetRevision', 'v1.5.0', '    targetRevision: v1.5.0 # pinned'],
  ['argocd checkout image tag', '1.20', '        - {name: image.tag, value: "1.20"}'],
  ['argocd checkout ghcr.io/acme/web newTag', 'v2', '        - ghcr.io/acme/web:v2 # keep'],
  ['argocd checkout job newTag', 'v3', '        - job=localhost:5000/acme/job:v3@sha256:0123'],
  ['argocd checkout job digest', 'sha256:45', '        - job=localhost:5000/acme/job:v2@sha256:45'],
  ['argocd checkout job newName', 'ghcr.io/acme/job', '        - job=ghcr.io/acme/job:v2@sha256:0123'],
  [
    'argocd checkout proxy.image digest',
    'sha256:de',
    '        proxy: {image: {repository: ghcr.io/acme/proxy, digest: "sha256:de"}}',
  ],
])('%s becomes %s on its own line', (what, to, line) => {
  expect(change('app.yaml', APPLICATION, ARGOCD, what, to)).toEqual([line]);
});

test.each(['v2@x', 'a:b', 'a/b', 'a b', 'x=y'])('%j cannot stand as a tag in an image', (to) => {
  const problems = change('app.yaml', APPLICATION, ARGOCD, 'argocd checkout ghcr.io/acme/web newTag', to);
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
