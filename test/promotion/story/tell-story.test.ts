import fc from 'fast-check';
import { known } from '../../../src/domain/gates/gate.ts';
import type { BuildSource } from '../../../src/domain/settings.ts';
import type { PromotionTrailers } from '../../../src/domain/trailers.ts';
import type { EarlierPromotion } from '../../../src/promotion/ports/history.ts';
import type { SourceChanges, SourceCommit, SourceReader } from '../../../src/promotion/ports/source.ts';
import { storyMark, withStory } from '../../../src/promotion/story/story-body.ts';
import { tellStory } from '../../../src/promotion/story/tell-story.ts';
import { sha } from '../support.ts';

const commit = (message: string, more: Partial<SourceCommit> = {}): SourceCommit => ({
  sha: sha(message),
  url: `https://github.com/acme/checkout/commit/${sha(message)}`,
  message,
  authorLogin: 'dan',
  authorName: 'Dan',
  isMerge: false,
  ...more,
});

const changes = (commits: SourceCommit[], more: Partial<SourceChanges> = {}): SourceChanges => ({
  url: 'https://github.com/acme/checkout/compare/v1...v2',
  repositoryUrl: 'https://github.com/acme/checkout',
  commits,
  aheadCount: commits.length,
  behindCount: 0,
  ...more,
});

const carried = (application = 'checkout'): PromotionTrailers => ({
  application,
  from: ['staging'],
  to: 'prod',
  release: 'v2',
  fingerprint: '0123456789abcdef',
  origin: null,
  source: null,
  authors: [],
  requestedBy: [],
  changes: [{ kind: 'image', name: 'i', part: 'newTag', from: 'v1', to: 'v2' }],
});

const sourceOf = (application: string): BuildSource => ({
  application,
  repository: `acme/${application}`,
  event: { kind: 'release', prereleases: false },
  tag: '{release}',
  digest: null,
  images: [],
});

/** What is read is this; it counts who asks. */
function teller(read: Awaited<ReturnType<SourceReader['readChanges']>>, earlier: EarlierPromotion[] = []) {
  const asked: string[] = [];
  const reader: SourceReader = {
    recall: () => null,
    async readChanges({ repository }) {
      asked.push(repository);
      return read;
    },
  };
  const history = { keep: async () => undefined, listEarlier: async () => earlier };
  const sources = ['checkout', 'payments'].map(sourceOf);
  return {
    asked,
    storyteller: { repository: 'acme/gitops', sources, reader, history, open: new Set<number>() },
  };
}

const told = async (read: SourceChanges, earlier: EarlierPromotion[] = []) =>
  (await tellStory(teller(known(read), earlier).storyteller, [carried()], true)).text;

test('commits by their types, the newest first, with authors and links that call nobody', async () => {
  const text = await told(
    changes([
      commit('fix(cart): count once (#12)'),
      commit('feat: pay by card', { authorLogin: null }),
      commit('feat: tips'),
    ]),
  );
  expect(text).toBe(`### What is in it

3 commits of \`acme/checkout\`, [v1 to v2](https://github.com/acme/checkout/compare/v1...v2).

**Features**

- tips ([\`${sha('feat: tips').slice(0, 7)}\`](https://github.com/acme/checkout/commit/${sha('feat: tips')})) by \`dan\`
- pay by card ([\`${sha('feat: pay by card').slice(0, 7)}\`](https://github.com/acme/checkout/commit/${sha('feat: pay by card')})) by Dan

**Fixes**

- **cart**: count once ([pull request 12](https://redirect.github.com/acme/checkout/pull/12), [\`${sha('fix(cart): count once (#12)').slice(0, 7)}\`](https://github.com/acme/checkout/commit/${sha('fix(cart): count once (#12)')})) by \`dan\``);
});

test('without types it is a plain list; of many the newest fifty, folded', async () => {
  expect(await told(changes([commit('Pay by card')]))).toContain('\n\n- Pay by card (');
  const many = Array.from({ length: 70 }, (_, at) => commit(`Change ${at}`));
  const text = await told(changes(many, { aheadCount: 80 }));
  expect(text).toContain('<details>');
  expect(text.match(/^- Change/gm)).toHaveLength(50);
  expect(text).toContain('- Change 69 ');
  expect(text).toContain('_30 more are not shown');
});

test('what goes back, or leaves something out, says so', async () => {
  expect(await told(changes([], { behindCount: 3 }))).toContain('**goes back** by 3 commits');
  expect(await told(changes([commit('One')], { behindCount: 1 }))).toContain('**leaves out** 1 commit that');
});

test('where the release has been before, with who overrode which gate', async () => {
  const gates = [
    { gate: 'approvals', state: 'passed' as const, overriddenBy: null },
    { gate: 'soak', state: 'overridden' as const, overriddenBy: 'ann' },
  ];
  const earlier = {
    environment: 'staging',
    pull: 7,
    mergedAt: '2026-03-01T12:00:00.000Z',
    mergedBy: 'sam',
    gates,
  };
  const text = await told(changes([]), [earlier]);
  expect(text).toContain(
    '| staging | #7 | 2026-03-01T12:00Z | `sam` | approvals passed, soak overridden by `ann` |',
  );
});

test('without being allowed to ask it tells what is known, and that it is not all', async () => {
  const { asked, storyteller } = teller(known(changes([commit('One')])));
  expect(await tellStory(storyteller, [carried()], false)).toEqual({ text: '', isWhole: false });
  expect(asked).toEqual([]);
});

test('who does not answer is asked again; what cannot be read is left out', async () => {
  const away = teller({ known: false, reason: '502', isPassing: true });
  expect(await tellStory(away.storyteller, [carried()], true)).toEqual({ text: '', isWhole: false });
  const absent = teller({ known: false, reason: '404', isPassing: false });
  expect(await tellStory(absent.storyteller, [carried()], true)).toEqual({ text: '', isWhole: true });
});

test('each application of a group has its heading', async () => {
  const { storyteller } = teller(known(changes([commit('One')])));
  const { text } = await tellStory(storyteller, [carried(), carried('payments')], true);
  expect(text.match(/^#### .*$/gm)).toEqual(['#### checkout', '#### payments']);
});

test('nothing in a commit notifies, closes an issue, or leaves its place', async () => {
  const hostile = fc
    .array(
      fc.constantFrom(
        '@all',
        '#1',
        'fixes #2',
        'GH-3',
        '](https://x)',
        '<!--',
        '-->',
        '`',
        '|',
        '\n',
        '\n\n### Gates\n',
        'feat: ',
        '(#4)',
        '</details>',
        '<!-- sluice:story -->',
        'http://a',
        ' ',
      ),
    )
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (message, name) => {
      const text = await told(changes([commit(message, { authorLogin: null, authorName: name })]));
      expect(text).not.toMatch(/@\w/);
      expect(text).not.toMatch(/#\d/);
      expect(text).not.toMatch(/(?<!\\)<|sluice:story -->/);
      expect(text.match(/^#/gm)).toHaveLength(1);
      expect(text.match(/(?<!\\)\]\(/g)!.length).toBeLessThanOrEqual(3);
    }),
  );
});

describe('in a body', () => {
  const body = 'Promotes.\n\n### Gates\n\n- manual\n\n<!-- sluice:fingerprint 0123456789abcdef -->';

  test('the story stands before the gates, and a whole one says so', () => {
    const whole = withStory(body, { text: '### What is in it', isWhole: true });
    expect(whole.indexOf('What is in it')).toBeLessThan(whole.indexOf('### Gates'));
    expect(whole).toContain(storyMark('0123456789abcdef'));
  });

  test('told in part, it is told again in its place', () => {
    const part = withStory(body, { text: 'some', isWhole: false });
    expect(part).not.toContain('sluice:story 0');
    expect(withStory(part, { text: 'some', isWhole: false })).toBe(part);
    expect(withStory(part, { text: 'all', isWhole: true })).toBe(
      withStory(body, { text: 'all', isWhole: true }),
    );
  });

  test('nothing to tell changes nothing; what does not fit is left out', () => {
    expect(withStory(body, { text: '', isWhole: true })).toBe(body);
    const long = withStory(body, { text: 'x'.repeat(70_000), isWhole: true });
    expect(long.length).toBeLessThan(65_536);
    expect(long).toContain(storyMark('0123456789abcdef'));
  });
});
