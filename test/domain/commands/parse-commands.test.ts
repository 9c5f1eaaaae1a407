import fc from 'fast-check';
import { parseCommands } from '../../../src/domain/commands/parse-commands.ts';
import { within } from '../../within.ts';

const promote = (applications: string[], to: string | null, problem: string | null = null) => ({
  name: 'promote',
  applications,
  to,
  release: null,
  isDryRun: false,
  problem,
});

test.each([
  ['/promote', [promote([], null)]],
  ['/promote checkout', [promote(['checkout'], null)]],
  ['/promote checkout cart to prod-eu', [promote(['checkout', 'cart'], 'prod-eu')]],
  ['/promote to prod', [promote([], 'prod')]],
  ['   /promote\tcheckout  ', [promote(['checkout'], null)]],
  ['Looks good.\r\n/promote to prod\r\n/promote cart\r\n', [promote([], 'prod'), promote(['cart'], null)]],
])('%j is a command', (body, commands) => expect(parseCommands(body)).toEqual(commands));

test.each(['/unrelated', 'please /promote', 'promote to prod', '', '/ promote'])('%j is none', (body) =>
  expect(parseCommands(body)).toEqual([]),
);

test.each([
  ['a quote', '> /promote to prod'],
  ['code by indentation', '    /promote to prod\n\t/promote'],
  ['code in a line', '`/promote`'],
  ['a code block', '```\n/promote\n```'],
  ['a code block with a language', '~~~sh\n/promote\n~~~'],
  ['a code block that is never closed', 'Look:\n```\n/promote'],
  ['a shorter fence in a code block', '````\n```\n/promote\n````'],
  ['another fence in a code block', '```\n~~~\n/promote\n```'],
  ['a fence with a language in a code block', '```\n```js\n/promote\n```'],
])('%s is talk about commands', (_, body) => expect(parseCommands(body)).toEqual([]));

test('after a code block, commands are commands again', () => {
  expect(parseCommands('```\n/promote a\n```\n/promote b')).toEqual([promote(['b'], null)]);
});

test.each(['/promote checkout to', '/promote checkout to prod v1 dev'])(
  '%j is refused with a reason',
  (body) => {
    expect(parseCommands(body)).toEqual([
      expect.objectContaining({
        applications: ['checkout'],
        problem: 'name one environment after `to`, and at most one release behind it',
      }),
    ]);
  },
);

test('a comment full of commands is cut short', () => {
  expect(parseCommands('/promote a\n'.repeat(1_000))).toHaveLength(10);
  expect(parseCommands(`/promote ${'a '.repeat(1_000)}`)).toEqual([promote(Array(50).fill('a'), null)]);
});

test('an override names a gate, and says why', () => {
  expect(parseCommands('/override soak  the outage needs it ')).toEqual([
    { name: 'override', gate: 'soak', reason: 'the outage needs it', problem: null },
  ]);
});

test.each(['/override', '/override soak', '/override soak   '])('%j is refused with an example', (body) => {
  expect(parseCommands(body)).toEqual([
    expect.objectContaining({ name: 'override', problem: expect.stringContaining('/override soak ') }),
  ]);
});

test.each(['hold', 'resume', 'freeze'])('/%s keeps its words for those who know the names', (name) => {
  expect(parseCommands(`/${name} checkout  prod until 4h it fails`)).toEqual([
    { name, words: ['checkout', 'prod', 'until', '4h', 'it', 'fails'] },
  ]);
  expect(parseCommands(`/${name}`)).toEqual([{ name, words: [] }]);
  expect(parseCommands(`> /${name} checkout`)).toEqual([]);
});

test('a comment made to be slow is not', () => {
  within(2_000, () => parseCommands(`/promote${' '.repeat(60_000)}x\u2028y`));
});

test('never throws, and words are never empty', () => {
  const piece = fc.constantFrom(
    '/promote',
    '/override',
    '/hold',
    '/freeze',
    'until',
    ' ',
    '\n',
    '```',
    '~~~',
    'to',
    '>',
    '\t',
    '\u2028',
    'prod',
    '\r',
  );
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(body, (text) => {
      for (const command of parseCommands(text)) {
        const words =
          command.name === 'promote'
            ? [...command.applications, command.to ?? 'none']
            : command.name === 'override'
              ? [command.gate || 'none']
              : command.name === 'typo'
                ? [command.said]
                : command.words;
        expect(words.every((word) => /^\S+$/.test(word))).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

test('a promotion may name its release, and may only be tried', () => {
  expect(parseCommands('/promote checkout to prod v1.4.2\n/promote --dry-run to prod')).toEqual([
    { ...promote(['checkout'], 'prod'), release: 'v1.4.2' },
    { ...promote([], 'prod'), isDryRun: true },
  ]);
});

test.each([
  ['/promte checkout to prod', 'promote'],
  ['/Promote', 'promote'],
  ['/promoted', 'promote'],
  ['/hodl prod', 'hold'],
  ['/overide soak because', 'override'],
  ['/stauts', 'status'],
])('%j is taken for a slip of the fingers', (body, meant) => {
  expect(parseCommands(body)).toEqual([{ name: 'typo', said: body.slice(1).split(' ')[0], meant }]);
});

test.each(['/home', '/etc/passwd', '/hellp-me', '/assign @dan', '/lgtm', '/wow', '/help-wanted', '/x'])(
  '%j is nothing that Sluice could mean',
  (body) => expect(parseCommands(body)).toEqual([]),
);

test.each([
  ['/why', []],
  ['/why checkout prod  ', ['checkout', 'prod']],
  ['/why checkout in prod\nplease', ['checkout', 'in', 'prod']],
])('%j asks why', (body, words) => {
  expect(parseCommands(body)).toEqual([{ name: 'why', words }]);
});

test('a word that only begins like a command is none', () => {
  expect(parseCommands('/whynot\n> /why\nsay /why\n/holding on\n/var/log\n/cc @dan')).toEqual([]);
});

test('a reason that nobody can see is none', () => {
  expect(parseCommands('/override soak \u200b \u2060')).toMatchObject([
    { name: 'override', problem: expect.stringContaining('say why') },
  ]);
});
