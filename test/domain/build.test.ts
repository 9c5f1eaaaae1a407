import { type Build, decideBuilds } from '../../src/domain/build.ts';
import type { HeldValues } from '../../src/domain/value.ts';
import {
  ambiguous,
  DIGEST_1,
  DIGEST_2,
  digest,
  environment,
  field,
  held,
  holding,
  IMAGE,
  RULES,
  ref,
  SHA_1,
  SHA_2,
  tag,
} from './support.ts';

const DEV = environment('dev');

function build(tagged: string, more: Partial<Build> = {}): Build {
  const unknown = { digest: null, commit: null, author: null, url: null };
  const what = { application: 'checkout', repository: 'acme/checkout', cause: 'workflow ci.yml succeeded' };
  return { ...unknown, ...what, images: [], tag: tagged, ...more };
}

const decide = (target: HeldValues, ...builds: Build[]) =>
  decideBuilds(builds, 'checkout', DEV, target, RULES.promote);

/** What changes, one line a value. */
function changes(target: HeldValues, ...builds: Build[]): string[] | undefined {
  return decide(target, ...builds).promotion?.changes.map(({ name, part, to }) => `${name} ${part} ${to}`);
}

function reasons(target: HeldValues, ...builds: Build[]): string[] {
  const { promotion, notPromoted } = decide(target, ...builds);
  expect(promotion).toBeNull();
  return notPromoted.map(({ reason }) => reason);
}

test('a build sets the tag of the image', () => {
  const { promotion } = decide(holding(tag('v1')), build('v2'));
  expect(promotion).toMatchObject({ from: [], to: 'dev', release: { label: 'v2' } });
  expect(changes(holding(tag('v1')), build('v2'))).toEqual([`${IMAGE} newTag v2`]);
});

test('nothing was built, or it is there already: silence', () => {
  expect(reasons(holding(tag('v1')))).toEqual([]);
  expect(reasons(holding(tag('v1')), build('v1'))).toEqual([]);
});

test('only the images that the build names', () => {
  const target = holding(tag('v1', 'api'), tag('v1', 'web'));
  expect(changes(target, build('v2', { images: ['web'] }))).toEqual(['web newTag v2']);
});

test('builds of several images make one promotion', () => {
  const target = holding(tag('v1', 'api'), tag('v1', 'web'));
  const builds = [build('v2', { images: ['web'] }), build('v3', { images: ['api'] })];
  expect(changes(target, ...builds)).toEqual(['api newTag v3', 'web newTag v2']);
});

test('a build of an image that the target does not hold is explained', () => {
  expect(reasons(holding(tag('v1')), build('v2', { images: ['ghcr.io/acme/other'] }))).toEqual([
    `the build sets ghcr.io/acme/other, and the target holds ${IMAGE}`,
  ]);
});

test('tag and digest move together, or not at all', () => {
  const target = holding(tag('v1'), digest(DIGEST_1));
  expect(changes(target, build('v2', { digest: DIGEST_2 }))).toEqual([
    `${IMAGE} newTag v2`,
    `${IMAGE} digest ${DIGEST_2}`,
  ]);
  expect(reasons(target, build('v2'))).toEqual([expect.stringContaining('the build tells no digest')]);
});

test('the remote base of the same commit moves with the image', () => {
  expect(changes(holding(tag(SHA_1), ref(SHA_1)), build(SHA_2))).toEqual([
    `${IMAGE} newTag ${SHA_2}`,
    `github.com/acme/checkout ref ${SHA_2}`,
  ]);
});

test('without images, the promoted fields are set', () => {
  expect(changes(holding(field('release_1366')), build('release_1367'))).toEqual([' image_tag release_1367']);
});

test('an older build does not go over a newer one', () => {
  expect(reasons(holding(tag('v175')), build('v21'))).toEqual([expect.stringContaining('a downgrade')]);
});

test('a floating tag is no release', () => {
  expect(reasons(holding(tag('v1')), build('main'))).toEqual([expect.stringContaining('a floating tag')]);
});

test('an ambiguous target is explained once', () => {
  const target = { ...ambiguous('v1', 'v2'), values: [tag('v1', 'other')] };
  expect(reasons(target, build('v3'))).toEqual([
    expect.stringContaining('different values within one target'),
  ]);
});

describe('images that other tools hold', () => {
  test.each([
    ['helm', 'image', 'tag', 'digest'],
    ['argocd', 'checkout image', 'tag', 'digest'],
    ['flux', `Kustomization apps ${IMAGE}`, 'newTag', 'digest'],
  ] as const)('are set by a build: %s %s', (kind, name, part, other) => {
    const target = holding(held(kind, name, part, 'v1'), held(kind, name, other, DIGEST_1));
    expect(changes(target, build('v2', { digest: DIGEST_2 }))).toEqual([
      `${name} ${part} v2`,
      `${name} ${other} ${DIGEST_2}`,
    ]);
  });

  test('are told by their repository; charts and revisions are no images', () => {
    const target = holding(
      held('helm', 'web.image', 'tag', 'v1'),
      held('helm', 'web.image', 'repository', IMAGE),
      held('helm', 'job.image', 'tag', 'v1'),
      held('chart', 'podinfo', 'version', '1.0.0'),
      held('flux', 'GitRepository apps', 'tag', 'v7'),
    );
    expect(changes(target, build('v2', { images: [IMAGE] }))).toEqual(['web.image tag v2']);
    expect(reasons(target, build('v2', { images: ['other'] }))).toEqual([
      `the build sets other, and the target holds ${IMAGE}, job.image`,
    ]);
  });

  test('take the version of the chart along that names the same release', () => {
    const target = holding(held('helm', 'image', 'tag', 'v1'), held('helm', '', 'appVersion', 'v1'));
    expect(changes(target, build('v2'))).toEqual(['image tag v2', ' appVersion v2']);
  });
});

test('a build that the environment does not allow is not promoted', () => {
  const dev = environment('dev', [], { allow: ['!*-rc*'] });
  const { promotion, notPromoted } = decideBuilds(
    [build('v2-rc1')],
    'checkout',
    dev,
    holding(tag('v1')),
    RULES.promote,
  );
  expect(promotion).toBeNull();
  expect(notPromoted).toMatchObject([{ reason: expect.stringContaining('keeps out') }]);
});
