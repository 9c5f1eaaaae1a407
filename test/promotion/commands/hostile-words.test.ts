import fc from 'fast-check';
import { parseCommands } from '../../../src/domain/commands/parse-commands.ts';
import { COMMANDS } from '../../../src/domain/commands/table.ts';
import type { CommandCall } from '../../../src/promotion/commands/command-call.ts';
import { takeCommand } from '../../../src/promotion/commands/take-command.ts';
import { within } from '../../within.ts';
import { snapshotOf } from '../support.ts';

/** A repository in which nothing is open, and a person who may do anything: only words decide. */
function callOf(body: string): CommandCall {
  const snapshot = snapshotOf({ dev: 'v2', prod: 'v1' });
  const comment = {
    id: 1,
    url: 'https://github.example/acme/fleet/issues/1#issuecomment-1',
    issue: 1,
    author: 'dan',
    isBot: false,
    isSluices: false,
    body,
    createdAt: '2026-03-01T12:00:00Z',
    isEdited: false,
  };
  const nothing = async () => null;
  const host = {
    readPull: nothing,
    listPullFiles: async () => [],
    listComments: async () => [],
    readBranch: nothing,
    readTip: nothing,
    listMoves: async () => [{ before: '', after: snapshot.base.commit.sha, atMs: 0, isRewrite: true }],
    listCommits: async () => [],
    readCommit: async () => snapshot.base.commit,
    readTree: async () => [],
    readTexts: async () => new Map(),
  };
  return {
    host: host as never,
    sources: { readChanges: async () => ({ known: false, reason: 'not here' }), recall: () => null },
    history: null,
    http: { ask: nothing } as never,
    snapshot,
    comment,
    authoriser: { refuse: nothing, refuseAnywhere: nothing },
    nowMs: Date.parse('2026-03-01T12:00:00Z'),
  };
}

const names = COMMANDS.map(({ name }) => name).filter((name) => name !== 'retry');
const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('checkout', 'prod', 'dev', 'to', 'until', '4h', '@acme/sre', '@dan', '#1'),
  },
  fc.constantFrom(
    '<script>',
    '<!--',
    '-->',
    '<!-<!-- x -->-',
    '![x](http://x)',
    '|',
    '`',
    '```',
    '\\',
    '&lt;',
    'https://evil.example',
    '[a](b)',
    'GH-7',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const line = fc.tuple(fc.constantFrom(...names, 'promte', 'hodl'), fc.array(word, { maxLength: 6 }));

/** What stays when inline code is taken away: there nothing notifies, links or marks up. */
function withoutCode(text: string): string {
  return text.replace(/(`+)(?!`)(.*?[^`])\1(?!`)/gs, '');
}

test('whatever words a command has: no error, and nobody is mentioned and nothing marked up by the answer', async () => {
  await fc.assert(
    fc.asyncProperty(line, async ([name, words]) => {
      const body = `/${name} ${words.join(' ')}`;
      for (const command of parseCommands(body)) {
        const call = callOf(body);
        const { answers } = await takeCommand(call, command, new Map());
        for (const answer of answers) {
          expect(answer).not.toMatch(/@[A-Za-z0-9]/);
          expect(answer).not.toMatch(/<!--.*-->/s);
          expect(withoutCode(answer)).not.toMatch(/(?<!\\)<(script|img)/i);
          expect(withoutCode(answer)).not.toMatch(/(?<!\\)\]\(|(?<!\\)!\[|https?:\/\/evil/);
        }
      }
    }),
    { numRuns: 3_000 },
  );
});

test('10,000 comments of any text are read without an error, and in no time', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(fc.oneof(fc.constantFrom('/', '```', '~~~', '> ', '\n', ' ', '<!--', '-->', ...names), word), {
        maxLength: 60,
      })
      .map((parts) => parts.join('')),
  );
  await within(20_000, async () => {
    fc.assert(
      fc.property(text, (body) => {
        expect(parseCommands(body).length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 10_000 },
    );
  });
});
