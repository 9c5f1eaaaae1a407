import { parseConfig } from '../../src/config/parse-config.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { within } from '../within.ts';

function settingsOf(text: string): Settings {
  const parsed = parseConfig(text);
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.settings;
}

/** `7:5 overrides[0]: ...` for each problem. */
function toldOf(text: string): string[] {
  const parsed = parseConfig(text);
  if (parsed.ok) throw new Error('the config is right');
  return parsed.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

const MANUAL = { kind: 'manual' };
const ENVIRONMENTS = 'path: apps/{app}/{env}\nenvironments:\n  dev: { gates: [] }\n  prod: { from: dev }\n';

test('defaults hold where an environment does not say its own, which empty lists and `false` do', () => {
  const { environments } = settingsOf(`path: apps/{app}/{env}
environments:
  dev: { gates: [], no-override: [approvals], reviewers: [], auto-merge: false, allow-downgrade: false, allow-floating: false, allow: '>=2', open: at-once }
  qa: { open: at-once }
  prod: { from: qa, gates: [{ checks: [ci] }] }
defaults: { gates: [manual], no-override: [manual], reviewers: [alice], auto-merge: true, allow-downgrade: true, allow-floating: true, allow: '>=1', open: when-ready }
`);
  expect(environments).toEqual([
    {
      name: 'dev',
      from: [],
      paths: ['apps/{app}/{env}'],
      groups: [],
      gates: [],
      noOverride: ['approvals'],
      reviewers: [],
      autoMerge: false,
      allowDowngrade: false,
      allowFloating: false,
      allow: ['>=2'],
      open: 'at-once',
      candidate: 'current',
    },
    expect.objectContaining({
      gates: [MANUAL],
      noOverride: ['manual'],
      reviewers: ['alice'],
      autoMerge: true,
      allowDowngrade: true,
      allowFloating: true,
      allow: ['>=1'],
      open: 'at-once',
    }),
    expect.objectContaining({
      name: 'prod',
      gates: [expect.objectContaining({ kind: 'checks' })],
      open: 'when-ready',
    }),
  ]);
});

test('the guard is off unless said, and an environment or an override may say otherwise than the defaults', () => {
  const { environments, overrides } = settingsOf(`path: apps/{app}/{env}
environments: { dev: { guard: false }, prod: { from: dev, no-override: [guard, soak] } }
defaults: { guard: true }
overrides: [{ applications: playground, guard: false }]
`);
  expect(environments.map(({ guard }) => guard)).toEqual([false, true]);
  expect(environments[1]?.noOverride).toEqual(['guard', 'soak']);
  expect(overrides[0]?.terms).toEqual({ guard: false });
  expect(settingsOf(ENVIRONMENTS).environments.map(({ guard }) => guard ?? false)).toEqual([false, false]);
});

test.each([
  ['guard: "yes"', 'environments.prod.guard'],
  ['guard: [prod]', 'environments.prod.guard'],
  ['gates: [guard]', 'environments.prod.gates[0]'],
])('%s is told to be wrong', (line, path) => {
  const told = toldOf(`path: apps/{app}/{env}\nenvironments:\n  dev:\n  prod:\n    from: dev\n    ${line}\n`);
  expect(told).toEqual([expect.stringContaining(`6:`)]);
  expect(told[0]).toContain(path);
});

test('overrides name their environments by name or glob, all of them when none is named', () => {
  const { overrides } = settingsOf(`path: apps/{app}/{env}
environments: { dev: , prod-eu: { from: dev }, prod-us: { from: dev } }
overrides:
  - { applications: shop-*, environments: prod-*, add-gates: [manual] }
  - { applications: [cart, mail], environments: [dev, prod-us], gates: [], auto-merge: false }
  - { applications: '**', allow: [">=1"], reviewers: [] }
`);
  expect(overrides).toEqual([
    { applications: ['shop-*'], environments: ['prod-eu', 'prod-us'], terms: {}, addedGates: [MANUAL] },
    {
      applications: ['cart', 'mail'],
      environments: ['dev', 'prod-us'],
      terms: { gates: [], autoMerge: false },
      addedGates: [],
    },
    {
      applications: ['**'],
      environments: ['dev', 'prod-eu', 'prod-us'],
      terms: { allow: ['>=1'], reviewers: [] },
      addedGates: [],
    },
  ]);
});

test.each([
  ['defaults: { from: dev }', '5:13 defaults.from: unknown key "from"'],
  [
    'defaults: { add-gates: [manual] }',
    '5:13 defaults.add-gates: unknown key "add-gates". Keys: auto-merge, gates,',
  ],
  [
    'defaults: { gates: [manual, manual] }',
    '5:29 defaults.gates[1]: this manual gate is there twice; keep one',
  ],
  [
    'overrides: [{ add-gates: [manual] }]',
    '5:13 overrides[0].applications: the key `applications:` is missing',
  ],
  ['overrides: [{ applications: x }]', '5:13 overrides[0]: this override changes nothing'],
  ['overrides: [{ applications: "!x", gates: [] }]', 'a glob cannot start with !'],
  ['overrides: [{ applications: x, path: "a/{app}", gates: [] }]', 'unknown key "path"'],
  ['overrides: [{ applications: x, add-gates: [] }]', 'the list is empty'],
  [
    'overrides: [{ applications: x, gates: [], add-gates: [manual] }]',
    '5:54 overrides[0].add-gates: `gates` replaces what stands there and `add-gates` adds to it; keep one',
  ],
  [
    'overrides: [{ applications: x, environments: prd, gates: [] }]',
    '5:46 overrides[0].environments: there is no environment "prd"; did you mean "prod"?',
  ],
  [
    'overrides: [{ applications: x, environments: [prod, "stage-*"], gates: [] }]',
    '5:53 overrides[0].environments[1]: no environment matches "stage-*". Environments: dev, prod',
  ],
  [
    'overrides: [{ applications: x, add-gates: [manual, manual] }]',
    'overrides[0].add-gates[1]: this manual gate is there twice',
  ],
  [
    'overrides: [{ applications: x, gates: [{ checks: [a, a] }] }]',
    'overrides[0].gates[0]: the check "a" is there twice',
  ],
])('refuses %s', (lines, message) => {
  expect(toldOf(`${ENVIRONMENTS}${lines}\n`)).toEqual([expect.stringContaining(message)]);
});

test('a misspelled environment of an override is told along with what the schema refuses', () => {
  const told = toldOf(`${ENVIRONMENTS}overrides: [{ applications: 1, environments: prd, gates: [] }]\n`);
  expect(told.map((each) => each.split(': ')[0])).toEqual([
    '5:29 overrides[0].applications',
    '5:46 overrides[0].environments',
  ]);
});

test('odd values of overrides are refused, each where it stands', () => {
  for (const odd of ['1', '[1]', 'null', '{}', '[{}]', '{ applications: x }', '[null]', '[[[]]]']) {
    expect(toldOf(`${ENVIRONMENTS}overrides: ${odd}\n`)).toEqual([expect.stringMatching(/^5:\d+ overrides/)]);
  }
});

describe('a gate that an override adds where it stands already', () => {
  const twice = 'manual gate stands in prod already';
  const config = (...overrides: string[]) =>
    `${ENVIRONMENTS}defaults: { gates: [manual] }\noverrides: [${overrides.join(', ')}]\n`;
  const add = '{ applications: x, environments: prod, add-gates: [manual] }';

  test.each([
    [[add], 'overrides[0].add-gates[0]'],
    [['{ applications: y, gates: [] }', add], null],
    [['{ applications: "**", gates: [] }', add], null],
    [['{ applications: "**", gates: [] }', add, add], 'overrides[2].add-gates[0]'],
    [['{ applications: [x, y], gates: [] }', add, '{ applications: "*", add-gates: [manual] }'], null],
    [['{ applications: x, environments: dev, gates: [] }', add], 'overrides[1].add-gates[0]'],
    [
      [
        '{ applications: x, gates: [manual, { checks: [a] }] }',
        '{ applications: x, add-gates: [{ checks: [b, a] }] }',
      ],
      'overrides[1].add-gates[0]',
    ],
  ])('%j', (overrides, path) => {
    if (path === null) return expect(parseConfig(config(...overrides))).toMatchObject({ ok: true });
    const message =
      overrides.length > 1 && overrides[1]?.includes('checks') ? 'the check "a" stands in dev' : twice;
    return expect(toldOf(config(...overrides))).toEqual([
      expect.stringMatching(`${path.replace(/[[\]]/g, '\\$&')}: .*${message}`),
    ]);
  });
});

test('hostile overrides are read within seconds', () => {
  const globs = Array.from({ length: 100 }, (_, index) => `"*a*b*${index}"`).join(', ');
  const names = Array.from({ length: 100 }, (_, index) => `e${index}: { path: "${index}/{app}" }`).join(', ');
  const one = `{ applications: [${globs}], environments: ["*e*", "e*"], add-gates: [manual] }`;
  const text = `environments: { ${names} }\noverrides: [${Array.from({ length: 50 }, () => one).join(', ')}]\n`;
  expect(within(10_000, () => parseConfig(text))).toMatchObject({ ok: false });
});
