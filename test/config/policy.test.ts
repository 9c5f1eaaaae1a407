import { type ConfigProblem, parseConfig } from '../../src/config/parse-config.ts';

/** A config with these lines as the gates of prod; the first is line 6. */
function withGates(...lines: string[]): string {
  return ['path: apps/{app}/{env}', 'environments:', '  dev:', '  prod:', '    from: dev', ...lines, ''].join(
    '\n',
  );
}

function problemsOf(...lines: string[]): ConfigProblem[] {
  const parsed = parseConfig(withGates(...lines));
  if (parsed.ok) throw new Error('the config is right');
  return parsed.problems;
}

function told(...lines: string[]): string[] {
  return problemsOf(...lines).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function gatesOf(...lines: string[]) {
  const parsed = parseConfig(withGates(...lines));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings.environments.find(({ name }) => name === 'prod')?.gates;
}

test('short and long forms', () => {
  expect(gatesOf("    gates: [{ policy: to == 'prod' }]")).toEqual([
    { kind: 'policy', pass: [{ expression: "to == 'prod'", name: null, message: null }], deny: [] },
  ]);
  expect(
    gatesOf(
      '    gates:',
      '      - policy:',
      '          pass:',
      "            - to == 'prod'",
      '          deny:',
      '            - name: blocked',
      '              message: Take the label off.',
      '              rule: >-',
      "                'blocked' in labels",
      "                || 'wip' in labels",
    ),
  ).toEqual([
    {
      kind: 'policy',
      pass: [{ expression: "to == 'prod'", name: null, message: null }],
      deny: [
        {
          expression: "'blocked' in labels || 'wip' in labels",
          name: 'blocked',
          message: 'Take the label off.',
        },
      ],
    },
  ]);
});

describe('an error in an expression has the place in the file', () => {
  test('of a plain text', () => {
    expect(told('    gates:', "      - policy: to == 'prod' && aplication == 'x'")).toEqual([
      expect.stringMatching(
        /^7:33 there is no `aplication`\. Names: .*; did you mean "application"\? \(column 17 of the expression\)$/,
      ),
    ]);
  });

  test('of a text in quotes', () => {
    expect(told('    gates:', `      - policy: "to == 'prod' && release.lable == 'x'"`)).toEqual([
      '7:42 there is no field `lable` here; did you mean "label"? (column 25 of the expression)',
    ]);
    expect(told('    gates:', "      - policy: 'to == ''prod'' && to == 3'")[0]).toMatch(
      /^7:36 .*string == int/,
    );
  });

  test('of lines below | and >', () => {
    for (const sign of ['|', '>-', '|2-']) {
      const lines = [
        '    gates:',
        `      - policy: ${sign}`,
        "            to == 'prod'",
        '            && nothing',
      ];
      expect(told(...lines)[0]).toMatch(/^9:16 there is no `nothing`/);
    }
    expect(
      told('    gates:', '      - policy: |', "            to == 'prod'", '            && nothing')[0],
    ).toMatch(/\(line 2, column 4 of the expression\)$/);
  });

  test('in a list of rules, each told', () => {
    const lines = [
      '    gates:',
      '      - policy:',
      '          pass: [to]',
      '          deny:',
      '            - rule: to ==',
      '              name: x',
    ];
    expect(told(...lines)).toEqual([
      '8:18 it gives string, and must give true or false; compare it with something (column 1 of the expression)',
      expect.stringMatching(/^10:25 this is no CEL: unexpected token: EOF/),
    ]);
  });

  test('at an alias, where it is used', () => {
    const lines = [
      '    gates:',
      '      - policy: { pass: [&rule nothing] }',
      '      - policy: { deny: [*rule] }',
    ];
    expect(problemsOf(...lines).map(({ line }) => line)).toEqual([7, 8]);
  });
});

test.each([
  ['{}', 'a policy needs `pass:`, `deny:` or both'],
  ['{ pass: [] }', 'the list is empty'],
  ['{ deny: [] }', 'the list is empty'],
  ['[]', 'write an expression, or { pass: [...], deny: [...] }'],
  ['true', 'write an expression, or { pass: [...], deny: [...] }'],
  ['{ pass: [true] }', 'write an expression, or { rule, name, message }'],
  ['{ allow: ["true"] }', 'unknown key "allow"'],
  ['{ pass: [{ name: x }] }', 'the key `rule:` is missing'],
  ['{ pass: [{ rule: "true", name: "" }] }', 'this is empty'],
  ['""', 'this is no CEL'],
  [`"${'x'.repeat(2_001)}"`, '2000 characters'],
  [`"to.matches('(a+)+\\\\\\\\1')"`, 'this pattern cannot be used'],
])('policy: %s is refused', (text, message) => {
  expect(told(`    gates: [{ policy: ${text} }]`).join('\n')).toContain(message);
});

test('of two hundred expressions no more are read: a config can come from anybody', () => {
  const rules = (count: number) => Array.from({ length: count }, (_, index) => `"to == 'e${index}'"`);
  const gates = (count: number) =>
    Array.from({ length: count / 10 }, (_, index) => {
      const some = rules(count).slice(index * 10, index * 10 + 10);
      return `      - policy: { pass: [${some.join(', ')}] }`;
    });
  expect(gatesOf('    gates:', ...gates(190))).toHaveLength(19);
  const many = withGates(
    '    gates:',
    ...gates(200),
    '  test:',
    '    from: dev',
    '    gates:',
    '      - policy: to == "x"',
  );
  const parsed = parseConfig(many);
  expect(parsed).toMatchObject({ ok: false });
  expect(JSON.stringify(parsed)).toContain('more than 200 different expressions');
});

test.each([
  ['defaults: { gates: [{ policy: "nothing == 1" }] }', 'defaults.gates[0].policy'],
  [
    'overrides: [{ applications: a, gates: [{ policy: { deny: ["nothing == 1"] } }] }]',
    'overrides[0].gates[0].policy.deny[0]',
  ],
  [
    'overrides: [{ applications: a, add-gates: [{ policy: "nothing == 1" }] }]',
    'overrides[0].add-gates[0].policy',
  ],
])('an expression is checked wherever a gate may stand: %s', (line, path) => {
  const parsed = parseConfig(
    `path: a/{app}/{env}\nenvironments: { dev: { gates: [] }, prod: { from: dev } }\n${line}\n`,
  );
  expect(parsed).toMatchObject({
    ok: false,
    problems: [{ path, line: 3, message: expect.stringContaining('there is no `nothing`') }],
  });
});
