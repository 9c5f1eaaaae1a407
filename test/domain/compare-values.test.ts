import { compareValues } from '../../src/domain/compare-values.ts';
import {
  ambiguous,
  DIGEST_1,
  DIGEST_2,
  digest,
  field,
  file,
  held,
  holding,
  IMAGE,
  RULES,
  ref,
  SHA_1,
  SHA_2,
  tag,
  WITH_REFS,
} from './support.ts';

/** One line for each change. */
function changes(comparison: ReturnType<typeof compareValues>): string[] {
  return comparison.changes.map(({ name, part, from, to }) => `${name} ${part}: ${from} -> ${to}`);
}

test('a value moves to where it is held already, and nowhere else', () => {
  const source = holding(tag('v2'), tag('v9', 'ghcr.io/acme/sidecar'));
  const comparison = compareValues(source, holding(tag('v1'), tag('v3', 'ghcr.io/acme/proxy')), RULES);
  expect(changes(comparison)).toEqual([`${IMAGE} newTag: v1 -> v2`]);
  expect(comparison).toMatchObject({ blocked: [], leftOut: [] });
});

test('equal values are shared, and nothing changes', () => {
  const comparison = compareValues(holding(tag('v1')), holding(tag('v1')), RULES);
  expect(comparison).toMatchObject({ changes: [], blocked: [], leftOut: [], shared: [{ value: 'v1' }] });
});

describe('downgrades', () => {
  test('v175 over v21 is refused with both versions', () => {
    const { blocked } = compareValues(holding(tag('v21')), holding(tag('v175')), RULES);
    expect(blocked).toEqual([`image \`${IMAGE}\` would go back from \`v175\` to \`v21\`, a downgrade`]);
  });

  test('the config may allow it', () => {
    const rules = { ...RULES, allowDowngrade: true };
    const comparison = compareValues(holding(tag('v21')), holding(tag('v175')), rules);
    expect(comparison.blocked).toEqual([]);
    expect(changes(comparison)).toEqual([`${IMAGE} newTag: v175 -> v21`]);
  });

  test('one of two values stops both', () => {
    const source = holding(tag('v2', 'a'), tag('v1', 'b'));
    expect(compareValues(source, holding(tag('v1', 'a'), tag('v2', 'b')), RULES).blocked).toHaveLength(1);
  });
});

describe('floating tags and ranges', () => {
  test.each([
    ['an offered tag', 'main', 'v1', 'offers `main`, a floating tag'],
    ['a tag that stands there', 'v2', 'latest', 'is held at `latest`, a floating tag'],
    ['a range that stands there', '1.2.3', '>=1.0.0-alpha', 'is held at `>=1.0.0-alpha`, a version range'],
    ['one tag on both sides', 'latest', 'latest', 'offers `latest`, a floating tag'],
  ])('%s stays, with the reason', (_, offered, held, reason) => {
    const comparison = compareValues(holding(tag(offered)), holding(tag(held)), RULES);
    expect(comparison).toMatchObject({ changes: [], shared: [], blocked: [] });
    expect(comparison.leftOut).toEqual([expect.stringContaining(reason)]);
  });

  test('the others move without them', () => {
    const source = holding(tag('latest', 'a'), tag('v2', 'b'));
    const comparison = compareValues(source, holding(tag('main', 'a'), tag('v1', 'b')), RULES);
    expect(changes(comparison)).toEqual(['b newTag: v1 -> v2']);
    expect(comparison.leftOut).toHaveLength(1);
  });

  test('the config may allow them', () => {
    const rules = { ...RULES, allowFloating: true };
    expect(changes(compareValues(holding(tag('main')), holding(tag('latest')), rules))).toHaveLength(1);
  });

  test('a digest pins a floating tag', () => {
    const source = holding(tag('latest'), digest(DIGEST_2));
    const comparison = compareValues(source, holding(tag('latest'), digest(DIGEST_1)), RULES);
    expect(changes(comparison)).toEqual([`${IMAGE} digest: ${DIGEST_1} -> ${DIGEST_2}`]);
    expect(comparison).toMatchObject({ blocked: [], leftOut: [] });
  });
});

describe('what names no release', () => {
  test.each(['qa', 'uat', 'test', 'preprod'])('the tag %s stays', (text) => {
    const comparison = compareValues(holding(tag(text)), holding(tag('1.4.2')), RULES);
    expect(comparison).toMatchObject({
      changes: [],
      blocked: [],
      leftOut: [expect.stringContaining('floating')],
    });
  });

  test('is also what the caller says', () => {
    const [source, target] = [holding(tag('eu-1')), holding(tag('v1'))];
    expect(compareValues(source, target, RULES).leftOut).toEqual([]);
    expect(compareValues(source, target, { ...RULES, floating: ['eu-1'] }).leftOut).toHaveLength(1);
  });

  test.each([
    ['chart', 'podinfo', 'version'],
    ['flux', 'HelmRelease podinfo podinfo', 'version'],
    ['argocd', 'checkout chart podinfo', 'targetRevision'],
  ] as const)('is a version of a chart that leaves out parts: %s', (kind, name, part) => {
    const at = (text: string) => holding(held(kind, name, part, text));
    const { changes: none, leftOut } = compareValues(at('6'), at('5.1.0'), RULES);
    expect([none, leftOut]).toEqual([[], [expect.stringContaining('a version range')]]);
    expect(compareValues(at('6.0.0'), at('5.1.0'), RULES).changes).toHaveLength(1);
  });

  test('is never a build number or a tag that leaves out parts', () => {
    expect(changes(compareValues(holding(tag('6')), holding(tag('5')), RULES))).toHaveLength(1);
    const at = (text: string) => holding(held('argocd', 'checkout deploy', 'targetRevision', text));
    expect(changes(compareValues(at('v6.5'), at('v6.4'), RULES))).toHaveLength(1);
  });

  test('is not a commit just because the key says so', () => {
    const at = (text: string) => holding(field(text, 'app.commit'));
    expect(compareValues(at('main'), at('1.2.3'), RULES)).toMatchObject({
      changes: [],
      leftOut: ['`app.commit` offers `main`, a floating tag, which names no release'],
    });
    expect(compareValues(at('1.2.2'), at('1.2.3'), RULES).blocked).toEqual([
      expect.stringContaining('a downgrade'),
    ]);
    for (const [to, from] of [
      [SHA_2, SHA_1],
      ['1234567', '2345678'],
    ] as const) {
      expect(compareValues(at(to), at(from), RULES)).toMatchObject({
        changes: [{ from, to }],
        blocked: [],
        leftOut: [],
      });
    }
  });
});

describe('half releases', () => {
  test('a tag does not leave its digest behind', () => {
    const { blocked } = compareValues(holding(tag('v2')), holding(tag('v1'), digest(DIGEST_1)), RULES);
    expect(blocked).toEqual([expect.stringContaining('tag and a digest on one side only')]);
  });

  test('a remote base that names the commit of the image moves with it', () => {
    const source = holding(tag(SHA_2), ref(SHA_2));
    const comparison = compareValues(source, holding(tag(SHA_1), ref(SHA_1)), RULES);
    expect(comparison.blocked).toEqual([]);
    expect(changes(comparison)).toEqual([
      `${IMAGE} newTag: ${SHA_1} -> ${SHA_2}`,
      `github.com/acme/checkout ref: ${SHA_1} -> ${SHA_2}`,
    ]);
  });

  test('an image does not leave its remote base behind', () => {
    const { blocked } = compareValues(holding(tag(SHA_2)), holding(tag(SHA_1), ref(SHA_1)), RULES);
    expect(blocked).toEqual([expect.stringContaining('`github.com/acme/checkout` names the same release')]);
  });

  test('a remote base of something else stays, unless a rule promotes it', () => {
    const [source, target] = [holding(tag('v2'), ref(SHA_2)), holding(tag('v1'), ref(SHA_1))];
    expect(changes(compareValues(source, target, RULES))).toEqual([`${IMAGE} newTag: v1 -> v2`]);
    const rules = { ...RULES, promote: WITH_REFS };
    expect(changes(compareValues(source, target, rules))).toHaveLength(2);
  });
});

test('two values for one image stop everything, and the reason names both places', () => {
  const { blocked } = compareValues(holding(tag('v3')), ambiguous('v1', 'v2'), RULES);
  expect(blocked).toEqual([
    `image \`${IMAGE}\` has different values within one target (\`v1\` in \`overlay-0.yaml:7\`, \`v2\` in \`overlay-1.yaml:7\`)`,
  ]);
});

test('a value that only one of them holds twice is nobody’s problem', () => {
  const comparison = compareValues(
    holding(field('2')),
    { ...ambiguous('v1', 'v2'), values: [field('1')] },
    RULES,
  );
  expect(comparison.blocked).toEqual([]);
  expect(comparison.changes).toHaveLength(1);
});

test('an unreadable file stops everything and is named with its line', () => {
  const problems = [{ path: 'apps/dev/kustomization.yaml', line: 4, message: 'it is no YAML' }];
  const { blocked } = compareValues({ ...holding(tag('v2')), problems }, holding(tag('v1')), RULES);
  expect(blocked).toEqual(['`apps/dev/kustomization.yaml:4`: it is no YAML']);
});

test('whole files are added, changed and deleted', () => {
  const source = holding(file('new.yaml', SHA_1), file('same.yaml', SHA_1), file('moved.yaml', SHA_2));
  const target = holding(file('same.yaml', SHA_1), file('moved.yaml', SHA_1), file('old.yaml', SHA_1));
  expect(changes(compareValues(source, target, RULES))).toEqual([
    `new.yaml content: null -> 100644 ${SHA_1}`,
    `moved.yaml content: 100644 ${SHA_1} -> 100644 ${SHA_2}`,
    `old.yaml content: 100644 ${SHA_1} -> null`,
  ]);
});

describe('values of other tools', () => {
  const helm = (part: string, text: string) => held('helm', 'web.image', part, text);

  test('repository, tag and digest of an image move together', () => {
    const source = holding(
      helm('tag', 'v2'),
      helm('digest', DIGEST_2),
      helm('repository', 'ghcr.io/acme/web'),
    );
    const target = holding(
      helm('tag', 'v1'),
      helm('digest', DIGEST_1),
      helm('repository', 'docker.io/acme/web'),
    );
    const comparison = compareValues(source, target, RULES);
    expect(comparison).toMatchObject({ blocked: [], leftOut: [] });
    expect(comparison.changes.map(({ part }) => part)).toEqual(['tag', 'digest', 'repository']);
  });

  test('a repository does not move without a tag that stays', () => {
    const source = holding(helm('tag', 'latest'), helm('repository', 'ghcr.io/acme/web'));
    const target = holding(helm('tag', 'v1'), helm('repository', 'docker.io/acme/web'));
    expect(compareValues(source, target, RULES).blocked).toEqual([
      '`web.image.tag` of the Helm values belongs to `web.image.repository` of the Helm values, and cannot move with it',
    ]);
  });

  test.each([
    ['helm', 'web.image', 'tag', 'digest'],
    ['argocd', 'checkout image', 'tag', 'digest'],
    ['flux', 'Kustomization apps web', 'newTag', 'digest'],
    ['flux', 'GitRepository apps', 'tag', 'commit'],
    ['field', 'values.yaml', 'web.image.tag', 'web.image.digest'],
  ] as const)('a tag of %s does not leave its digest behind', (kind, name, part, other) => {
    const target = holding(held(kind, name, part, 'v1'), held(kind, name, other, DIGEST_1));
    const { blocked } = compareValues(holding(held(kind, name, part, 'v2')), target, RULES);
    expect(blocked).toEqual([expect.stringContaining('tag and a digest on one side only')]);
  });

  test.each([
    ['argocd', 'checkout', 'targetRevision'],
    ['flux', 'GitRepository checkout', 'tag'],
    ['helm', '', 'appVersion'],
  ] as const)(
    'the image does not leave the manifests of its release behind: %s %s %s',
    (kind, name, part) => {
      const target = holding(tag('v1'), held(kind, name, part, 'v1'));
      expect(compareValues(holding(tag('v2')), target, RULES).blocked).toEqual([
        expect.stringContaining('names the same release'),
      ]);
      const source = holding(tag('v2'), held(kind, name, part, 'v2'));
      expect(compareValues(source, target, RULES)).toMatchObject({ blocked: [], changes: [{}, {}] });
    },
  );

  test('a chart that goes back is a downgrade, a range stays', () => {
    const chart = (text: string) => held('chart', 'podinfo', 'version', text);
    expect(compareValues(holding(chart('6.4.0')), holding(chart('6.5.0')), RULES).blocked).toEqual([
      'chart `podinfo` would go back from `6.5.0` to `6.4.0`, a downgrade',
    ]);
    expect(compareValues(holding(chart('6.5.0')), holding(chart('>=6')), RULES)).toMatchObject({
      changes: [],
      leftOut: [expect.stringContaining('version range')],
    });
  });
});

describe('constraints', () => {
  test('of the environment keep a release out, with the reason', () => {
    const rules = { ...RULES, allow: ['>=1.4 <2', '!*-rc*'] };
    expect(compareValues(holding(tag('v1.5.0')), holding(tag('v1.4.0')), rules).blocked).toEqual([]);
    expect(compareValues(holding(tag('v2.0.0')), holding(tag('v1.4.0')), rules).blocked).toEqual([
      `image \`${IMAGE}\` offers \`v2.0.0\`, which \`allow: >=1.4 <2\` keeps out: it does not match`,
    ]);
  });

  test('of a rule bind the values that it promotes, and keep the whole release', () => {
    const limited = { ...tag('v2', 'a'), allow: ['<2'] };
    const target = holding({ ...tag('v1', 'a'), allow: ['<2'] }, tag('v1', 'b'));
    expect(compareValues(holding(limited, tag('v2', 'b')), target, RULES).blocked).toEqual([
      'image `a` offers `v2`, which `allow: <2` keeps out: it does not match',
    ]);
  });

  test.each([
    ['nothing is beside it', [], 'nothing tells which version it is'],
    ['the tag beside it is not let in', [tag('v2')], 'the version beside it is kept out'],
    ['the tag beside it tells none', [tag('latest')], 'the version beside it is kept out'],
    ['the tag is of another image', [tag('v1', 'other')], 'nothing tells which version it is'],
  ])('keep a digest out when %s', (_, others, reason) => {
    const rules = { ...RULES, allow: ['<2'] };
    const [source, target] = [holding(digest(DIGEST_2), ...others), holding(digest(DIGEST_1), ...others)];
    expect(compareValues(source, target, rules).blocked).toEqual([
      `digest of image \`${IMAGE}\` offers \`sha256:bbbbbbb\`, which \`allow: <2\` keeps out: ${reason}`,
    ]);
    expect(compareValues(source, target, RULES).blocked).toEqual([]);
  });

  test('let a commit in by the version beside it', () => {
    const at = (version: string, sha: string) =>
      holding(field(version, 'app.version'), field(sha, 'app.commit'));
    const rules = { ...RULES, allow: ['<2'] };
    expect(compareValues(at('1.5.0', SHA_2), at('1.4.0', SHA_1), rules).blocked).toEqual([]);
    expect(compareValues(at('2.0.0', SHA_2), at('1.4.0', SHA_1), rules).blocked).toHaveLength(2);
  });

  test('look at what tells the version of a digest, and not at what does not change', () => {
    const rules = { ...RULES, allow: ['<2'] };
    const source = holding(tag('v2', 'a'), tag('v1', 'b'), digest(DIGEST_2, 'b'));
    const target = holding(tag('v2', 'a'), tag('v1', 'b'), digest(DIGEST_1, 'b'));
    expect(compareValues(source, target, rules)).toMatchObject({
      blocked: [],
      changes: [{ part: 'digest' }],
    });
  });
});
