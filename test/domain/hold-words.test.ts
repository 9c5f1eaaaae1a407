import fc from 'fast-check';
import type { StopCommand } from '../../src/domain/commands/command.ts';
import { parseCommands } from '../../src/domain/commands/parse-commands.ts';
import { readHoldWords } from '../../src/domain/hold-words.ts';

const NOW_MS = Date.parse('2026-11-27T16:00:00Z');
const NAMES = {
  applications: new Set(['checkout', 'cart', 'both']),
  environments: new Set(['qa', 'prod', 'both']),
};
const UNTIL_MS = NOW_MS + 4 * 60 * 60 * 1000;

function read(line: string) {
  const [command] = parseCommands(line);
  return readHoldWords(command as StopCommand, NAMES, NOW_MS, NOW_MS);
}

const said = (
  application: string | null,
  environment: string | null,
  reason: string,
  untilMs: number | null = null,
) => ({
  ok: true,
  words: expect.objectContaining({
    target: application || environment ? { application, environment } : null,
    reason,
    untilMs,
  }),
});

test.each([
  ['/hold checkout prod it fails', said('checkout', 'prod', 'it fails')],
  ['/hold checkout prod cart breaks it', said('checkout', 'prod', 'cart breaks it')],
  ['/hold checkout it fails', said('checkout', null, 'it fails')],
  ['/hold prod it fails', said(null, 'prod', 'it fails')],
  ['/hold it fails', said(null, null, 'it fails')],
  ['/hold until 4h it fails', said(null, null, 'it fails', UNTIL_MS)],
  ['/hold checkout until 4h cart breaks it', said('checkout', null, 'cart breaks it', UNTIL_MS)],
  ['/hold prod checkout until 4h it fails', said('checkout', 'prod', 'it fails', UNTIL_MS)],
  ['/hold both both it fails', said('both', 'both', 'it fails')],
  ['/hold it fails until somebody looks', said(null, null, 'it fails until somebody looks')],
  ['/hold checkout \u202eit\u0007 fails', said('checkout', null, 'it fails')],
  ['/freeze prod until 2026-12-01 the sale', said(null, 'prod', 'the sale', Date.parse('2026-12-01'))],
  ['/freeze both until 4h the sale', said(null, 'both', 'the sale', UNTIL_MS)],
  ['/resume', said(null, null, '')],
  ['/resume checkout', said('checkout', null, '')],
  ['/resume checkout prod', said('checkout', 'prod', '')],
  ['/resume prod checkout', said('checkout', 'prod', '')],
])('%j is read', (line, reading) => expect(read(line)).toEqual(reading));

test.each([
  ['/hold', 'say why'],
  ['/hold checkout prod', 'say why'],
  ['/hold checkout until 4h', 'say why'],
  ['/hold checkout \u200b', 'say why'],
  ['/hold checkout until friday it fails', 'write a time such as'],
  ['/hold until further notice', 'write a time such as'],
  ['/hold checkout until 2026-11-27 it fails', 'that time is over'],
  ['/hold checkout it fails until 4h', 'stand between the names and the reason'],
  ['/hold chekout until 4h it fails', '`chekout` is not the name of an application or environment here'],
  ['/hold both it fails', '`both` is an application and an environment'],
  ['/hold prod checkout fails', '`checkout` may be a name or the first word of the reason'],
  ['/hold checkout cart until 4h both', 'one of each'],
  ['/freeze', 'name one environment, until when, and why'],
  ['/freeze prod the sale', 'name one environment, until when, and why'],
  ['/freeze until 4h the sale', 'name one environment, until when, and why'],
  ['/freeze checkout until 4h the sale', 'name one environment, until when, and why'],
  ['/freeze prod until 4h', 'say why'],
  ['/resume chekout', '`chekout` is neither an application nor an environment here'],
  ['/resume @all`x', '`@\u200ballx` is neither'],
  ['/resume both', '`both` is an application and an environment'],
  ['/resume checkout cart prod', 'one of each'],
])('%j is refused with a reason', (line, problem) => {
  expect(read(line)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test('what is held tells which of two readings a /resume means', () => {
  const resume = { name: 'resume', words: ['both'] } as const;
  const environment = { application: null, environment: 'both' };
  const application = { application: 'both', environment: null };
  const readWith = (...held: (typeof environment | typeof application)[]) =>
    readHoldWords(resume, { ...NAMES, held }, NOW_MS, NOW_MS);
  expect(readWith(environment)).toMatchObject({ ok: true, words: { target: environment } });
  expect(readWith(application)).toMatchObject({ ok: true, words: { target: application } });
  expect(readWith(application, environment)).toMatchObject({ ok: false });
});

test('a very long reason is cut', () => {
  const reading = read(`/hold checkout ${'x'.repeat(2_000)}`);
  expect(reading.ok && reading.words.reason).toBe('x'.repeat(500));
});

test('nothing throws, and no problem mentions anybody or leaves its code', () => {
  const word = fc.oneof(
    fc.constantFrom('checkout', 'prod', 'both', 'until', '4h', '2026-12-01', '@acme/all', '`', 'x`y'),
    fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\s/g, '') || 'x'),
  );
  const name = fc.constantFrom('hold', 'freeze', 'resume');
  fc.assert(
    fc.property(name, fc.array(word, { maxLength: 8 }), (command, words) => {
      const reading = readHoldWords({ name: command, words }, NAMES, NOW_MS, NOW_MS);
      if (reading.ok) {
        expect(command === 'resume' || reading.words.reason !== '').toBe(true);
      } else {
        expect(reading.problem).not.toMatch(/@(?!\u200b)/);
        expect(reading.problem.split('`').length % 2).toBe(1);
      }
    }),
    { numRuns: 500 },
  );
});
