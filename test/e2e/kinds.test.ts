import { afterEach, describe, expect, test } from '@jest/globals';
import { makeSetting, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const config = (more: string, prod = '') =>
  `path: clusters/{env}/{app}\nenvironments:\n  dev:\n  prod:\n    from: dev\n    gates: [manual]\n${prod}${more}`;

const reasons = () => setting.world.outcomeOf('acme/gitops')!.plan.notPromoted.map(({ reason }) => reason);

async function branchOf(pull: number): Promise<string> {
  const { data } = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: pull });
  return data.head.ref;
}

const application = (environment: string, version: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: checkout-${environment}   # one for each environment
spec:
  source:
    repoURL: https://github.com/acme/checkout
    targetRevision: ${version}
    kustomize:
      images:
      - ghcr.io/acme/checkout:${version} # built by CI
  destination: {namespace: ${environment}}
`;

const release = (
  environment: string,
  chart: string,
  replicas: number,
) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo}
spec:
  chart:
    spec:
      version: "${chart}"
  values:
    replicas: ${replicas}
    host: ${environment}.acme.io
`;

test('an Argo CD Application moves its revision and its image in one promotion, and keeps what is its own', async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config('promote: [argocd]\n'),
    'clusters/dev/checkout/application.yaml': application('dev', 'v1.5.0'),
    'clusters/prod/checkout/application.yaml': application('prod', 'v1.4.0'),
  });
  const pull = await setting.open('prod');
  expect(pull.release).toBe('v1.5.0');
  expect(await setting.read('clusters/prod/checkout/application.yaml', await branchOf(pull.pull))).toBe(
    application('prod', 'v1.5.0'),
  );
});

describe('a chart of Flux', () => {
  const files = (allow: string, chart: string) => ({
    '.github/sluice.yml': config(`promote:\n  - flux: "*"\n    allow: "<7"\n`, allow),
    'clusters/dev/podinfo/release.yaml': release('dev', chart, 1),
    'clusters/prod/podinfo/release.yaml': release('prod', '6.5.0', 3),
  });

  test('moves by its version', async () => {
    setting = await makeSetting(files('', '6.6.0'));
    const pull = await setting.open('prod', 'podinfo');
    expect(await setting.read('clusters/prod/podinfo/release.yaml', await branchOf(pull.pull))).toBe(
      release('prod', '6.6.0', 3),
    );
  });

  test('stays when the rule or the environment does not allow its version', async () => {
    setting = await makeSetting(files('    allow: "!*.9.*"\n', '7.9.0'));
    expect(await setting.promotions()).toEqual([]);
    expect(reasons()).toEqual([
      expect.stringContaining('`allow: !*.9.*` keeps out'),
      expect.stringContaining('`allow: <7` keeps out'),
    ]);
  });
});
