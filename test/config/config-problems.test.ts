import fc from 'fast-check';
import { type ConfigProblem, parseConfig } from '../../src/config/parse-config.ts';
import { within } from '../within.ts';

function problemsOf(text: string): ConfigProblem[] {
  const parsed = parseConfig(text);
  if (parsed.ok) throw new Error('the config is right');
  return parsed.problems;
}

/** `3:5 environments.dev.from: ...` for each problem. */
function toldOf(text: string): string[] {
  return problemsOf(text).map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

/** A config that is right but for the lines at its end, which start on line 5. */
function withLines(...lines: string[]): string {
  return ['path: apps/{app}/{env}', 'environments:', '  dev:', '  prod: { from: dev }', ...lines, ''].join(
    '\n',
  );
}

test('tells all problems at once, in the order of the file', () => {
  const text = `path: apps/{env}
enviroments: 1
environments:
  dev:
  prod:
    from: devv
    gates:
      - aproval: 2
    auto-merge: "yes"
merge-method: squassh
`;
  expect(toldOf(text)).toEqual([
    '1:7 path: the path must contain {app}, which stands for the name of the application',
    '2:1 enviroments: unknown key "enviroments"; did you mean "environments"?',
    '6:11 environments.prod.from: there is no environment "devv"; did you mean "dev"?',
    '8:9 environments.prod.gates[0]: unknown gate "aproval"; did you mean "approvals"? Gates: checks, approvals, window, soak, health, after, policy, http, pull-request, manual',
    '9:17 environments.prod.auto-merge: this is text, and should be true or false',
    '10:15 merge-method: "squassh" is none of squash, merge, rebase; did you mean "squash"?',
  ]);
});

test.each([
  ['', '.github/sluice.yml is empty'],
  ['# nothing\n', '.github/sluice.yml is empty'],
  ['- path\n', 'holds no map of keys'],
  ['a: 1\n---\nb: 2\n', 'several documents'],
  ['%YAML 1.1\n---\npath: x\n', 'remove the line %YAML'],
  ['path: [a\n', 'this is not YAML'],
  ['path: [{app}/{env}]\n', 'put a text with { } in quotes'],
  ['path: {app}/{env}\n', 'put a text with { } in quotes'],
  ['path: a\n\tenvironments: x\n', 'YAML'],
  ['path: !secret x\n', 'tags'],
  ['? [a]\n: b\n', 'a key must be a plain word'],
  ['path: *nowhere\n', 'there is no anchor &nowhere'],
  [`path: ${'x'.repeat(600_000)}`, 'larger than 512 kB'],
  ['{}', 'the key `environments:` is missing'],
  ['__proto__: 1', 'unknown key "__proto__"'],
  ['<<: { path: x }', 'merge keys'],
])('refuses what is no config: %j', (text, message) => {
  const problems = problemsOf(text);
  expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
  expect(problems.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
});

test('messages name the file that was read', () => {
  const parsed = parseConfig('', { path: 'docs/example.yml' });
  expect(parsed).toMatchObject({
    problems: [{ message: expect.stringContaining('docs/example.yml is empty'), line: 1, column: 1 }],
  });
});

test('a key that is there twice is told where it is there again', () => {
  expect(toldOf(withLines('labels: [a]', 'labels: [b]'))).toEqual([
    '6:1 labels: "labels" is there twice; keep one',
  ]);
});

test.each([
  ['{env}', 'must contain {app}'],
  ['apps/{app}', 'must contain {env}'],
  ['/apps/{app}/{env}', 'without a leading /'],
  ['../{app}/{env}', 'remove the ..'],
  ['./{app}/{env}', 'remove the ./'],
  ['a//{app}/{env}', 'extra /'],
  ['"a\\\\{app}/{env}"', 'not with \\'],
  ['{app}/{env}/{app}', '{app} is there twice'],
  ['{app}{x}/{env}', 'some text between them'],
  ['{app}/{env}/{Region}', '{Region} is no name for a variable'],
  ['{app}/{env}/}', 'without its partner'],
  ['{app}/*/{env}', '`*` has no meaning'],
  ['"{app}/{env}/\\n"', 'on one line'],
  [`${'a'.repeat(200)}/{app}/{env}`, 'more than 200 characters'],
])('refuses the path %s', (path, message) => {
  const [problem, ...others] = problemsOf(
    `path: ${path.startsWith('"') ? path : `"${path}"`}\nenvironments:\n  dev:\n`,
  );
  expect(problem).toMatchObject({
    message: expect.stringContaining(message),
    line: 1,
    column: 7,
    path: 'path',
  });
  expect(others).toEqual([]);
});

test.each([
  ['environments: {}', 'there are no environments'],
  ['environments: { dev: { from: prod }, prod: { from: dev } }', 'in a circle: dev from prod from dev'],
  ['environments: { dev: , prod: { from: prod } }', 'prod takes from itself'],
  ['environments: { dev: { from: other } }', 'every environment has a `from`'],
  ['environments: { dev: , Dev: }', 'differ only in capital letters'],
  ['environments: { dev: , "a..b": }', 'the name of an environment'],
  ['environments: { dev: , "../x": }', 'the name of an environment'],
  ['environments: { dev: , x.lock: }', 'the name of an environment'],
  ['environments: { dev: , constructor: 5 }', 'write the settings of the environment'],
  ['environments: { dev: , a: { path: "apps/{app}/dev" } }', 'a and dev have the same path'],
  [
    `environments: { ${Array.from({ length: 101 }, (_, index) => `e${index}: `).join(', ')} }`,
    '100 is the most',
  ],
])('refuses %s', (environments, message) => {
  const messages = problemsOf(`path: apps/{app}/{env}\n${environments}\n`).map((problem) => problem.message);
  expect(messages).toContainEqual(expect.stringContaining(message));
});

test('every environment needs a place', () => {
  expect(toldOf('environments:\n  dev: { path: "dev/{app}" }\n  prod: { from: dev }\n')).toEqual([
    expect.stringContaining('which tells where prod live'),
  ]);
  expect(parseConfig('environments:\n  dev: { path: "dev/{app}" }\n')).toMatchObject({ ok: true });
});

test.each([
  ['approvals: 0', 'at least 1'],
  ['approvals: 21', 'at most 20'],
  ['approvals: two', 'write how many approvals'],
  ['approvals: 1.5', 'write how many approvals'],
  ['approvals: { frm: [write] }', 'unknown key "frm"; did you mean "from"?'],
  ['approvals: { from: [acme/sre] }', 'did you mean "team:acme/sre"?'],
  ['approvals: { from: [role:read] }', '"read" is no role that may approve. Roles: write, maintain, admin'],
  ['approvals: { from: [maintain] }', 'did you mean "role:maintain"?'],
  ['approvals: { all: [] }', 'the list is empty'],
  ['approvals: { any: [{ all: [{ frm: 1 }] }] }', 'unknown key "frm"; did you mean "from"?'],
  ['approvals: { all: [{ count: 0 }] }', 'at least 1'],
  ['approvals: { all: [{ allow-author: true }] }', 'unknown key "allow-author"'],
  ['approvals: { all: [{}], any: [{}] }', '`all` stands without `any`'],
  ['approvals: { all: [{}], count: 2 }', '`all` stands without `count`; put `count` into one of its rules'],
  ['approvals: { all: [{ any: [{}], from: [write] }] }', '`any` stands without `from`'],
  ['approvals: { all: [2] }', 'should be a map'],
  ['approvals: { all: [{ any: [{ all: [{ any: [{}] }] }] }] }', 'unknown key "any". Keys: count, from'],
  [`approvals: { any: [${'{ all: [{}, {}, {}, {}, {}, {}, {}] }, '.repeat(3)}] }`, 'more than 20 rules'],
  ['hold', 'the gate "hold" is in force in every environment already'],
  ['hold: {}', 'the gate "hold" is in force in every environment already'],
  ['manuel', 'unknown gate "manuel"; did you mean "manual"?'],
  [
    '7',
    'this is no gate. Gates: checks, approvals, window, soak, health, after, policy, http, pull-request, manual',
  ],
  ['checks: []', 'the list is empty'],
  ['checks: [1]', 'write the name of a check'],
  ['checks: [{ app: x }]', 'the key `name:` is missing'],
  ['checks: [a, a]', 'the check "a" is there twice'],
  ['checks: ["*"]', 'this would match every check'],
  ['checks: [{ name: " ** " }]', 'this would match every check'],
  ['checks: ["a*b*c*d*"]', 'more than 3 wildcards'],
  ['checks: { names: [a], accept: [failure] }', 'none of neutral, skipped'],
  ['checks: { on: sauce, names: [a] }', '"sauce" is none of promotion, source'],
  ['{ checks: [a], approvals: 1 }', 'more than one gate'],
  ['pull-request: {}', 'this gate needs `labels:`, `without-labels:` or `reviewed:`'],
  ['pull-request: { allow: [push] }', 'this gate needs `labels:`'],
  ['pull-request: { reviewed: false }', 'how many people must have approved'],
  ['pull-request: { reviewed: 0 }', 'at least 1'],
  ['pull-request: { labels: [] }', 'the list is empty'],
  ['pull-request: { labels: [a], without-labels: [A] }', 'no pull request can carry "a" and lack it'],
  ['pull-request: { reviewed: true, label: [a] }', 'unknown key "label"; did you mean "labels"?'],
  ['pull-request: { reviewed: true, allow: [pusk] }', 'did you mean "push"?'],
])('refuses the gate %s', (gate, message) => {
  const [problem] = problemsOf(`path: a/{app}/{env}\nenvironments:\n  dev:\n    gates:\n      - ${gate}\n`);
  expect(problem).toMatchObject({ message: expect.stringContaining(message), line: 5 });
  expect(problem?.path).toMatch(/^environments\.dev\.gates\[0\]/);
});

test('refuses a gate that is there twice', () => {
  expect(
    toldOf('path: a/{app}/{env}\nenvironments:\n  dev:\n    gates:\n      - manual\n      - manual\n'),
  ).toEqual(['6:9 environments.dev.gates[1]: this manual gate is there twice; keep one']);
});

test.each([
  ['repository: checkout', 'no repository'],
  ['repository: a/b', '`on: workflow` needs `workflow:`'],
  ['repository: a/b, workflow: w', 'the source needs `tag:`'],
  ['repository: a/b, workflow: w, tag: latest', 'there is no placeholder'],
  ['repository: a/b, workflow: w, tag: "{sha1}"', '{sha1} is no placeholder'],
  ['repository: a/b, workflow: w, tag: "{release}"', 'only `on: release` knows {release}'],
  ['repository: a/b, workflow: w, tag: "{payload.x}"', 'only `on: dispatch` has a payload'],
  ['repository: a/b, on: dispatch, type: t, tag: "{sha}"', 'write {payload.sha}'],
  ['repository: a/b, on: status, context: c, tag: "{sha}", type: t', '`type` belongs to `on: dispatch`'],
  ['repository: a/b, on: relese', 'did you mean "release"?'],
  ['repository: a/b, workflow: w, tag: "{sha}", branch: "a..b"', 'no name of a branch'],
])('refuses the source %s', (source, message) => {
  const problems = problemsOf(withLines('sources:', `  - { ${source} }`));
  expect(problems).toContainEqual(
    expect.objectContaining({
      message: expect.stringContaining(message),
      line: 6,
      path: expect.stringMatching(/^sources\[0\]/),
    }),
  );
});

test('a dispatch may name its commit in the payload', () => {
  const source = '{ repository: a/b, on: dispatch, type: t, tag: "{payload.sha}" }';
  expect(parseConfig(withLines('sources:', `  - ${source}`))).toMatchObject({ ok: true });
});

test.each([
  ['promote: [image]', 'unknown promote rule "image"; did you mean "images"?'],
  ['promote: [chart]', 'unknown promote rule "chart"; did you mean "charts"?'],
  ['promote: [{ flux: x, allow: ">=latest" }]', '">=latest" is no constraint on versions'],
  ['promote: [{ argocd: x, parts: [tag] }]', 'unknown key "parts"'],
  ['promote: [{ field: "a[b" }]', '[ without a ]'],
  ['promote: [{ field: a..b }]', 'single dots'],
  ['promote: [{ files: ["../x"] }]', 'inside the repository'],
  ['promote: [{ files: ["*a*a*a*a*b"] }]', 'wildcards'],
  ['promote: [{ files: ["+(a|b)"] }]', 'no ( )'],
  ['promote: [{ images: "x", part: y }]', 'unknown key "part"; did you mean "parts"?'],
  ['applications: ["!x"]', 'put it under `exclude`'],
  ['labels: sluice', 'should be a list'],
  ['labels: [1]', 'put it in quotes'],
  ['labels:', 'this is empty'],
  ['commands: { promote: read }', 'write a role (triage, write, maintain, admin)'],
])('refuses %s', (line, message) => {
  const [problem] = problemsOf(withLines(line));
  expect(problem).toMatchObject({ message: expect.stringContaining(message), line: 5 });
});

test('an error of syntax is told once, without its consequences', () => {
  expect(problemsOf('path: [apps/{app}/{env}]\nenvironments:\n  dev:\n')).toHaveLength(1);
});

test('refuses reviewers with an @', () => {
  const [problem] = problemsOf('path: a/{app}/{env}\nenvironments:\n  dev:\n    reviewers: ["@alice"]\n');
  expect(problem?.message).toBe('write "alice", without the @');
});

test('a problem of several lines says where it ends', () => {
  const [problem] = problemsOf(withLines('labels:', '  a: 1', '  b: 2'));
  expect(problem).toMatchObject({ line: 6, endLine: 7, path: 'labels' });
});

test('tells at most 50 problems', () => {
  const lines = Array.from({ length: 200 }, (_, index) => `key-${index}: 1`);
  expect(problemsOf(withLines(...lines))).toHaveLength(50);
});

test('hostile files are refused within seconds', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level += 1) {
    const alias = `*a${level - 1}`;
    bomb.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => alias).join(', ')}]`);
  }
  const hostile = [
    bomb.join('\n'),
    'path: &a [*a]',
    '['.repeat(100_000),
    '{a: '.repeat(100_000),
    '- '.repeat(100_000),
    Array.from({ length: 50_000 }, (_, index) => `k${index}:`).join('\n'),
    `labels: [${'x, '.repeat(100_000)}]`,
  ];
  within(30_000, () => {
    for (const text of hostile) expect(problemsOf(text).length).toBeGreaterThan(0);
  });
});

test('never throws, whatever the text', () => {
  const word = fc.constantFrom(
    ...[
      'path',
      'environments',
      'dev',
      'from',
      'gates',
      'checks',
      'approvals',
      'promote',
      'sources',
      'on',
      'tag',
    ],
    ...[
      ': ',
      '\n',
      '\n  ',
      '\n    - ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '*a',
      '&a ',
      '!x ',
      '|',
      '>',
      '#',
      '%',
      '\t',
      '---\n',
    ],
    ...['{app}/{env}', '1', 'null', 'true', '? ', '__proto__', 'constructor', '<<', '\u0000', '\uD800', '..'],
  );
  const yaml = fc.array(word, { maxLength: 40 }).map((words) => words.join(''));
  fc.assert(
    fc.property(fc.oneof(yaml, fc.string(), fc.json()), (text) => {
      const parsed = parseConfig(text);
      if (parsed.ok) return;
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const { message, line, column } of parsed.problems) {
        expect(message).not.toMatch(/Invalid input|^$/);
        expect(line >= 1 && column >= 1).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

describe('windows', () => {
  const toldOfWindow = (window: string) =>
    toldOf(`path: apps/{app}/{env}
environments:
  dev:
  prod:
    from: dev
    gates:
      - window: ${window}
`);

  test.each([
    ['weekdays 09:00-17:00 Europe/Berln', 'did you mean "Europe/Berlin"?'],
    ['weekdays 09:00-17:00', 'the time zone is missing'],
    ['weekdays UTC', 'names no hours'],
    ['UTC', 'write times and then a zone'],
    ['weekdays 9-17 UTC', 'is no date'],
    ['weekdays 17:00-17:00 UTC', 'is empty'],
    ['weekdays 24:00-01:00 UTC', 'times go from 00:00 to 24:00'],
    ['weekdays 09:00-17:60 UTC', 'times go from 00:00 to 24:00'],
    ['mon,tue 09:00-17:00 UTC', 'has a comma'],
    ['09:00-17:00 mon UTC', 'stands behind hours'],
    ['weekdays 09:00-17:00 +01:00', 'the time zone is missing'],
    ['monday-fryday 09:00-17:00 UTC', 'is no day'],
    ['17', 'write times and a zone'],
  ])('refuses %s', (window, message) => {
    expect(toldOfWindow(window)).toEqual([expect.stringMatching(/^7:17 /)]);
    expect(toldOfWindow(window)[0]).toContain(message);
  });

  test.each([
    ['{ zone: UTC }', '7:17', 'a window needs `allow:`, `block:` or both'],
    ['{ allow: [daily 09:00-17:00] }', '7:9', 'the key `zone:` is missing'],
    ['{ allow: [mon,tue 09:00-17:00], zone: UTC }', '7:27', '"mon" names no hours'],
    ['{ block: [02-30], zone: UTC }', '7:27', 'there is no day 02-30'],
    ['{ block: [2027-02-29], zone: UTC }', '7:27', 'there is no day 2027-02-29'],
    ['{ block: [2027-01-02..2026-12-24], zone: UTC }', '7:27', 'ends before it begins'],
    ['{ block: [daily], zone: "+01:00" }', '7:41', 'is no time zone'],
    ['{ block: [daily], zone: Mars/Olympus }', '7:41', 'is no time zone'],
    ['{ block: [], zone: UTC }', '7:26', 'the list is empty'],
    ['{ alow: [daily 09:00-17:00], zone: UTC }', '7:19', 'did you mean "allow"?'],
  ])('refuses %s where it is wrong', (window, place, message) => {
    const told = toldOfWindow(window).filter((each) => each.startsWith(`${place} `));
    expect(told).toEqual([expect.stringContaining(message)]);
  });
});

test('a mutated window is refused, or reads as something that people can have meant', () => {
  const words = ['mon', 'mon-fri', 'weekdays', '12-24', '2026-12-24', '09:00-17:00', 'UTC', 'Europe/Berlin'];
  const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })), { maxLength: 5 });
  fc.assert(
    fc.property(text, (parts) => {
      const window = JSON.stringify(parts.join(' '));
      const parsed = parseConfig(
        `path: apps/{app}/{env}\nenvironments:\n  dev:\n  prod: { from: dev, gates: [{ window: ${window} }] }\n`,
      );
      const gate = parsed.ok ? parsed.settings.environments[1]?.gates[0] : null;
      // Never a window without hours, which would be open for ever.
      if (gate) expect(gate).toMatchObject({ kind: 'window', allow: [{ hours: expect.anything() }] });
      if (gate?.kind === 'window') expect(gate.allow?.every(({ hours }) => hours.length > 0)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test.each(['"dev": ,: { from: dev }', '~: { from: dev }', '"dev": , ? : { from: dev }'])(
  'the key that is nothing in { %s } names no environment',
  (environments) => {
    expect(problemsOf(`path: a/{app}/{env}\nenvironments: { ${environments} }\n`)).toEqual(
      expect.arrayContaining([expect.objectContaining({ line: 2, message: 'a key must be a plain word' })]),
    );
  },
);
