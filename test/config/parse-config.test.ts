import { parseConfig } from '../../src/config/parse-config.ts';
import type { Settings } from '../../src/domain/settings.ts';

const SMALLEST = `path: apps/{app}/overlays/{env}
environments:
  dev:
`;

const roleOf = (role: string) => [{ kind: 'role', role }];

function problemsOf(text: string): string[] {
  const parsed = parseConfig(text);
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
}

function settingsOf(text: string): Settings {
  const parsed = parseConfig(text);
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return parsed.settings;
}

test('few words give sensible settings', () => {
  expect(settingsOf(SMALLEST)).toEqual({
    environments: [
      {
        name: 'dev',
        from: [],
        paths: ['apps/{app}/overlays/{env}'],
        gates: [],
        groups: [],
        noOverride: [],
        autoMerge: false,
        reviewers: [],
        allowDowngrade: false,
        allowFloating: false,
        open: 'at-once',
        candidate: 'current',
      },
    ],
    overrides: [],
    applications: { include: ['**'], exclude: [] },
    promote: [{ kind: 'images', parts: ['newTag', 'digest', 'newName'], names: [] }],
    sources: [],
    notify: [],
    labels: ['sluice'],
    mergeMethod: 'squash',
    permissions: {
      promote: roleOf('write'),
      hold: roleOf('write'),
      freeze: roleOf('maintain'),
      rollback: roleOf('write'),
      override: roleOf('admin'),
      close: roleOf('write'),
      retry: roleOf('write'),
    },
  });
});

test('environments stand after those that they take from, whatever their order in the file', () => {
  const { environments } = settingsOf(`
path: ["apps/{app}/{env}/base/", "apps/{app}/{env}"]
environments:
  prod: { from: [qa, perf], path: "clusters/prod/{app}/", auto-merge: true, allow-downgrade: true, allow-floating: true }
  perf: { from: dev }
  qa: { from: dev, reviewers: [alice, acme/sre] }
  dev: {}
`);
  expect(environments.map(({ name }) => name)).toEqual(['dev', 'perf', 'qa', 'prod']);
  expect(environments[0]).toMatchObject({ paths: ['apps/{app}/{env}/base', 'apps/{app}/{env}'], from: [] });
  expect(environments[2]).toMatchObject({ from: ['dev'], reviewers: ['alice', 'acme/sre'] });
  expect(environments[3]).toMatchObject({
    from: ['qa', 'perf'],
    paths: ['clusters/prod/{app}'],
    autoMerge: true,
    allowDowngrade: true,
    allowFloating: true,
  });
});

test('gates have short and long forms', () => {
  const { environments } = settingsOf(`${SMALLEST}    gates:
      - manual
      - checks: [ci/smoke, { name: e2e, app: github-actions }]
      - checks: { on: source, names: [argocd/healthy, 'e2e / *'], accept: [skipped] }
      - approvals: 2
      - approvals: { from: [team:acme/sre, user:alice, codeowners, write], allow-author: true, allow-requester: true }
`);
  expect(environments[0]?.gates).toEqual([
    { kind: 'manual' },
    {
      kind: 'checks',
      on: 'promotion',
      checks: [
        { name: 'ci/smoke', app: null },
        { name: 'e2e', app: 'github-actions' },
      ],
      accept: [],
    },
    {
      kind: 'checks',
      on: 'source',
      checks: [
        { name: 'argocd/healthy', app: null },
        { name: 'e2e / *', app: null },
      ],
      accept: ['skipped'],
    },
    {
      kind: 'approvals',
      rule: { kind: 'count', count: 2, from: [{ kind: 'role', role: 'write' }] },
      allowAuthor: false,
      allowRequester: false,
    },
    {
      kind: 'approvals',
      rule: {
        kind: 'count',
        count: 1,
        from: [
          { kind: 'team', organization: 'acme', slug: 'sre' },
          { kind: 'user', login: 'alice' },
          { kind: 'codeowners' },
          { kind: 'role', role: 'write' },
        ],
      },
      allowAuthor: true,
      allowRequester: true,
    },
  ]);
});

describe('approvals that mean the same', () => {
  const ruleOf = (approvals: string) => {
    const text = `path: a/{app}/{env}\nenvironments:\n  dev:\n    gates:\n      - approvals: ${approvals}\n`;
    return settingsOf(text).environments[0]?.gates[0];
  };

  test.each([
    ['{ from: [role:write] }', '1'],
    ['{ from: [write, codeowners, user:alice, write] }', '{ from: [user:alice, codeowners, role:write] }'],
    ['{ all: [{ count: 2 }] }', '2'],
    ['{ any: [{ from: [user:alice] }, { from: [user:Alice] }] }', '{ from: [user:alice] }'],
    [
      '{ all: [{ all: [{ from: [user:a] }, { count: 2 }] }, { from: [team:acme/sre] }] }',
      '{ all: [{ from: [user:a] }, { count: 2 }, { from: [team:acme/sre] }] }',
    ],
  ])('%s is %s', (long, short) => {
    expect(ruleOf(long)).toEqual(ruleOf(short));
  });

  test('and groups keep their kind and whom they do not leave out', () => {
    expect(
      ruleOf(
        '{ any: [{ from: [role:admin] }, { all: [{}, { any: [{ from: [codeowners] }, {}] }] }], allow-author: true }',
      ),
    ).toMatchObject({
      rule: {
        kind: 'any',
        rules: [
          { kind: 'count', count: 1, from: [{ kind: 'role', role: 'admin' }] },
          { kind: 'all', rules: [{ kind: 'count' }, { kind: 'any', rules: [{ count: 1 }, { count: 1 }] }] },
        ],
      },
      allowAuthor: true,
      allowRequester: false,
    });
  });
});

test('promote rules have short and long forms', () => {
  const { promote } = settingsOf(`${SMALLEST}promote:
  - images
  - { images: ghcr.io/acme/*, parts: [digest] }
  - refs
  - field: image_tag
  - { field: "containers[name=web].image", file: values*.yaml }
  - { files: ["config/*.yaml"], exclude: config/secret-* }
`);
  expect(promote).toEqual([
    { kind: 'images', parts: ['newTag', 'digest', 'newName'], names: [] },
    { kind: 'images', parts: ['digest'], names: ['ghcr.io/acme/*'] },
    { kind: 'refs' },
    { kind: 'field', file: null, path: 'image_tag' },
    { kind: 'field', file: 'values*.yaml', path: 'containers[name=web].image' },
    { kind: 'files', include: ['config/*.yaml'], exclude: ['config/secret-*'] },
  ]);
});

test('each tool has a promote rule, with names and constraints', () => {
  const { promote } = settingsOf(`${SMALLEST}promote:
  - charts
  - helm
  - argocd
  - flux
  - { charts: podinfo, allow: ">=6 <7" }
  - { helm: [image, "web.*"], parts: [tag] }
  - { argocd: checkout }
  - { flux: [podinfo], allow: [">=6", "!*-rc*"] }
  - { images: web, allow: "<2" }
  - { field: tag, allow: ">=175" }
`);
  expect(promote).toEqual([
    { kind: 'charts', names: [] },
    { kind: 'helm', parts: ['tag', 'digest', 'repository', 'appVersion'], names: [] },
    { kind: 'argocd', names: [] },
    { kind: 'flux', names: [] },
    { kind: 'charts', names: ['podinfo'], allow: ['>=6 <7'] },
    { kind: 'helm', parts: ['tag'], names: ['image', 'web.*'] },
    { kind: 'argocd', names: ['checkout'] },
    { kind: 'flux', names: ['podinfo'], allow: ['>=6', '!*-rc*'] },
    { kind: 'images', parts: ['newTag', 'digest', 'newName'], names: ['web'], allow: ['<2'] },
    { kind: 'field', file: null, path: 'tag', allow: ['>=175'] },
  ]);
});

test('an environment may take some versions only', () => {
  const { environments } = settingsOf(`${SMALLEST.trimEnd()}\n  last: { from: dev, allow: ">=1.4 <2" }\n`);
  expect(environments.find(({ name }) => name === 'last')?.allow).toEqual(['>=1.4 <2']);
});

test('sources say which event means that a build is done', () => {
  const { sources } = settingsOf(`${SMALLEST}sources:
  - { repository: acme/checkout, workflow: build.yml, tag: "{short_sha}" }
  - { repository: acme/cart, on: release }
  - { repository: acme/x, application: shop/mail, on: dispatch, type: built, tag: "{payload.tag}", digest: "{payload.image.digest}" }
  - { repository: acme/y, on: status, context: jenkins/build, branch: main, tag: "{sha}", images: [ghcr.io/acme/y] }
`);
  const none = { digest: null, images: [] };
  expect(sources).toEqual([
    {
      ...none,
      application: 'checkout',
      repository: 'acme/checkout',
      event: { kind: 'workflow', workflow: 'build.yml', branch: null },
      tag: '{short_sha}',
    },
    {
      ...none,
      application: 'cart',
      repository: 'acme/cart',
      event: { kind: 'release', prereleases: false },
      tag: '{release}',
    },
    {
      ...none,
      application: 'shop/mail',
      repository: 'acme/x',
      event: { kind: 'dispatch', type: 'built' },
      tag: '{payload.tag}',
      digest: '{payload.image.digest}',
    },
    {
      ...none,
      application: 'y',
      repository: 'acme/y',
      event: { kind: 'status', context: 'jenkins/build', branch: 'main' },
      tag: '{sha}',
      images: ['ghcr.io/acme/y'],
    },
  ]);
});

test('applications, labels, merge method and the role for commands are read', () => {
  const rest = 'labels: []\nmerge-method: rebase\ncommands: { promote: admin }\n';
  expect(settingsOf(`${SMALLEST}applications: shop-*\n${rest}`)).toMatchObject({
    applications: { include: ['shop-*'], exclude: [] },
    labels: [],
    mergeMethod: 'rebase',
    permissions: { promote: roleOf('admin') },
  });
  expect(settingsOf(`${SMALLEST}commands: { hold: triage, freeze: admin }\n`)).toMatchObject({
    permissions: { promote: roleOf('write'), hold: roleOf('triage'), freeze: roleOf('admin') },
  });
  expect(settingsOf(`${SMALLEST}applications: { exclude: [legacy-*] }\n`).applications).toEqual({
    include: ['**'],
    exclude: ['legacy-*'],
  });
});

test('who may do something can be said for all environments, and for each', () => {
  const { permissions, environments } = settingsOf(`
path: apps/{app}/{env}
environments:
  dev:
  prod: { from: dev, commands: { promote: [team:acme/release, user:ann, codeowners] } }
defaults: { commands: { hold: admin } }
commands: { override: [admin, role:maintain, team:acme/sre] }
`);
  expect(permissions.override).toEqual([
    ...roleOf('admin'),
    ...roleOf('maintain'),
    { kind: 'team', organization: 'acme', slug: 'sre' },
  ]);
  expect(environments.map((each) => each.permissions)).toEqual([
    { hold: roleOf('admin') },
    {
      hold: roleOf('admin'),
      promote: [
        { kind: 'team', organization: 'acme', slug: 'release' },
        { kind: 'user', login: 'ann' },
        { kind: 'codeowners' },
      ],
    },
  ]);
});

test.each([
  ['{ override: write }', 'write a role (maintain, admin)'],
  ['{ override: [write] }', '"write" names nobody who may do this'],
  ['{ promote: [acme/sre] }', 'did you mean "team:acme/sre"?'],
])('%s lets nobody do what it must not', (commands, message) => {
  expect(problemsOf(`${SMALLEST}commands: ${commands}\n`).join()).toContain(message);
});

test('aliases are read', () => {
  const { environments } = settingsOf(`
path: apps/{app}/{env}
environments:
  dev: { gates: &gates [manual] }
  prod: { from: dev, gates: *gates }
`);
  expect(environments[1]?.gates).toEqual([{ kind: 'manual' }]);
});

test('the short form of a window says the same as the long one', () => {
  const gatesOf = (window: string) =>
    settingsOf(
      `path: apps/{app}/{env}\nenvironments:\n  dev:\n  prod: { from: dev, gates: [{ window: ${window} }] }\n`,
    ).environments[1]?.gates;
  const short = gatesOf('mon-wed 09:00-12:00 13:00-17:00 Europe/Berlin');
  expect(short).toEqual(gatesOf("{ allow: ['mon-wed 09:00-12:00 13:00-17:00'], zone: Europe/Berlin }"));
  expect(short).toEqual([
    {
      kind: 'window',
      allow: [
        {
          text: 'mon-wed 09:00-12:00 13:00-17:00',
          days: [{ kind: 'weekdays', numbers: [1, 2, 3] }],
          hours: [
            { startMinute: 540, endMinute: 720 },
            { startMinute: 780, endMinute: 1020 },
          ],
        },
      ],
      block: [],
      zone: 'Europe/Berlin',
    },
  ]);
  expect(gatesOf('{ block: [fri-mon], zone: UTC }')).toMatchObject([
    { allow: null, block: [{ days: [{ numbers: [5, 6, 7, 1] }] }] },
  ]);
});
