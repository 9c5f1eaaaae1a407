import type { PromoteRule } from '../../src/domain/promote-rule.ts';
import { selectPaths } from '../../src/manifests/select-paths.ts';
import { IMAGES } from './support.ts';

const PATHS = [
  'apps/web/dev/kustomization.yaml',
  'apps/web/dev/base/kustomization.yml',
  'apps/web/dev/eu/Kustomization',
  'apps/web/dev/values.yaml',
  'apps/web/dev/.hidden/values.yaml',
  'apps/web/dev/my-kustomization.yaml',
  'apps/web/dev2/kustomization.yaml',
  'apps/web/prod/kustomization.yaml',
];
const FOLDER = { application: 'web', environment: 'dev', root: 'apps/web/dev', isFile: false };
const FILE = { application: 'web', environment: 'dev', root: 'apps/web/dev/values.yaml', isFile: true };
const field = (file: string | null): PromoteRule => ({ kind: 'field', file, path: 'tag' });

test('images and refs stand in the kustomizations below the root, whatever they are called', () => {
  expect(selectPaths([IMAGES], FOLDER, PATHS)).toEqual(PATHS.slice(0, 3));
  expect(selectPaths([{ kind: 'refs' }], FOLDER, PATHS)).toEqual(PATHS.slice(0, 3));
});

test('a field stands in the files that its glob matches below the root', () => {
  expect(selectPaths([field('values.yaml')], FOLDER, PATHS)).toEqual(['apps/web/dev/values.yaml']);
  expect(selectPaths([field('**/values.yaml')], FOLDER, PATHS)).toEqual(PATHS.slice(3, 5));
});

test('a field without file stands in a target that is a file, and only there', () => {
  expect(selectPaths([field(null)], FILE, PATHS)).toEqual([FILE.root]);
  expect(selectPaths([field(null)], FOLDER, PATHS)).toEqual([]);
  expect(selectPaths([field('**')], FILE, PATHS)).toEqual([]);
});

test('a target that is a kustomization has images', () => {
  const target = { ...FILE, root: 'apps/web/prod/kustomization.yaml' };
  expect(selectPaths([IMAGES], target, PATHS)).toEqual([target.root]);
  expect(selectPaths([IMAGES], FILE, PATHS)).toEqual([]);
});

test('whole files need no text', () => {
  expect(selectPaths([{ kind: 'files', include: ['**'], exclude: [] }], FOLDER, PATHS)).toEqual([]);
});

test('a root at the top of the repository takes in everything', () => {
  expect(selectPaths([IMAGES], { ...FOLDER, root: '' }, PATHS)).toHaveLength(5);
});
