import fc from 'fast-check';
import { matchTargets } from '../../src/domain/path-template.ts';
import { within } from '../within.ts';

function find(paths: string | string[], files: string[], names = ['dev', 'prod']) {
  const templates = typeof paths === 'string' ? [paths] : paths;
  return matchTargets(
    names.map((name) => ({ name, paths: templates })),
    files,
  ).map(
    ({ application, environment, root, isFile }) =>
      `${application}@${environment} ${isFile ? 'file' : 'folder'} ${root}`,
  );
}

test('finds folders of applications, in the order of environments and names', () => {
  const files = [
    'apps/shop/overlays/prod/kustomization.yaml',
    'apps/shop/overlays/dev/kustomization.yaml',
    'apps/cart/overlays/dev/patches/replicas.yaml',
    'apps/cart/base/kustomization.yaml',
    'README.md',
  ];
  expect(find('apps/{app}/overlays/{env}', files)).toEqual([
    'cart@dev folder apps/cart/overlays/dev',
    'shop@dev folder apps/shop/overlays/dev',
    'shop@prod folder apps/shop/overlays/prod',
  ]);
});

test('finds files, with and without an extension', () => {
  expect(find('image-tags/{env}/{app}', ['image-tags/dev/router', 'image-tags/prod/router'])).toEqual([
    'router@dev file image-tags/dev/router',
    'router@prod file image-tags/prod/router',
  ]);
  expect(find('applications/{app}/values-{env}.yaml', ['applications/shop/values-dev.yaml'])).toEqual([
    'shop@dev file applications/shop/values-dev.yaml',
  ]);
  expect(
    find('apps/{env}/{app}-values.yaml', ['apps/dev/shop-values.yaml', 'apps/dev/kustomization.yaml']),
  ).toEqual(['shop@dev file apps/dev/shop-values.yaml']);
});

test('a file that a template names only in part is no target', () => {
  expect(find('apps/{app}/{env}/base', ['apps/shop/dev/base.yaml', 'apps/shop/dev'])).toEqual([]);
  expect(
    find('apps/{app}/{env}', ['apps/shop/develop/x', 'apps/shop/xdev/x', 'other/apps/shop/dev/x']),
  ).toEqual([]);
});

test('takes the first of several templates that an application has in an environment', () => {
  const files = [
    'c/shop/dev/k.yaml',
    'c/shop/prod/base/k.yaml',
    'c/shop/prod/eu/k.yaml',
    'c/cart/prod/k.yaml',
  ];
  expect(find(['c/{app}/{env}/base', 'c/{app}/{env}'], files)).toEqual([
    'shop@dev folder c/shop/dev',
    'cart@prod folder c/cart/prod',
    'shop@prod folder c/shop/prod/base',
  ]);
});

test('joins further variables to the name of the application', () => {
  expect(find('{team}/{app}/{env}', ['payments/checkout/dev/k.yaml'])).toEqual([
    'payments/checkout@dev folder payments/checkout/dev',
  ]);
  expect(
    find('{env}/{app}-{region}.yaml', ['dev/shop-eu-west.yaml', 'dev/-eu.yaml', 'dev/shop-.yaml']),
  ).toEqual(['shop/eu-west@dev file dev/shop-eu-west.yaml']);
});

test('an environment may have its own template without {env}', () => {
  expect(
    matchTargets(
      [{ name: 'prod-eu', paths: ['clusters/eu/{app}/'] }],
      ['clusters/eu/shop/k.yaml', 'clusters/us/shop/k.yaml'],
    ),
  ).toEqual([{ application: 'shop', environment: 'prod-eu', root: 'clusters/eu/shop', isFile: false }]);
});

test('files that stand beside applications are none', () => {
  const files = ['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'README.md', '.gitkeep', 'shop'];
  expect(
    find(
      'tags/{env}/{app}',
      files.map((file) => `tags/dev/${file}`),
    ),
  ).toEqual(['shop@dev file tags/dev/shop']);
  expect(find('tags/{env}/{app}.yaml', ['tags/dev/kustomization.yaml'])).toEqual([
    'kustomization@dev file tags/dev/kustomization.yaml',
  ]);
});

test('special characters of names and paths mean themselves', () => {
  expect(find('a.b/{app}/{env}', ['a.b/x/d.v/k', 'axb/y/d.v/k', 'a.b/z/dev/k'], ['d.v'])).toEqual([
    'x@d.v folder a.b/x/d.v',
  ]);
  expect(find('({app}+/{env}', ['(shop+/$&/k'], ['$&'])).toEqual(['shop@$& folder (shop+/$&']);
  expect(find('{app}/{env}', ['__proto__/dev/k', 'constructor/dev/k'])).toEqual([
    '__proto__@dev folder __proto__/dev',
    'constructor@dev folder constructor/dev',
  ]);
});

test('a path made of variables and texts is read back as these', () => {
  const value = fc.stringMatching(/^[a-z0-9.+*]{1,12}$/);
  fc.assert(
    fc.property(value, value, value, (app, region, environment) => {
      const files = [`x/${environment}/${app}-${region}.yaml/k`];
      const [target] = matchTargets([{ name: environment, paths: ['x/{env}/{app}-{region}.yaml'] }], files);
      expect(target?.application).toBe(`${app}/${region}`);
    }),
  );
});

test('reads 100,000 paths for 10 environments, hostile names among them, in seconds', () => {
  const names = Array.from({ length: 10 }, (_, index) => `env-${index}`);
  const files = Array.from(
    { length: 100_000 },
    (_, index) => `apps/app-${index % 1000}/env-${index % 10}/file-${index}.yaml`,
  );
  files.push(`${'-'.repeat(250)}/${'a-'.repeat(2000)}x`);
  const paths = ['{a}-{b}-{c}-{d}-{e}/{f}-{g}-{h}-{i}-{j}.yaml', 'apps/{app}/{env}'];
  const environments = names.map((name) => ({ name, paths }));
  const targets = within(5_000, () => matchTargets(environments, files));
  expect(targets).toHaveLength(1000);
});
