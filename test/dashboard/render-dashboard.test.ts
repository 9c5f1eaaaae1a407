import fc from 'fast-check';
import { renderDashboard } from '../../src/dashboard/render-dashboard.ts';
import { makeBox } from '../../src/promotion/dashboard/box-id.ts';
import { digestOf, listTicked, tick } from '../../src/promotion/dashboard/boxes.ts';
import { holdOf, inputOf, largeInput, pipelineOf, promotionOf } from './support.ts';

/** https://github.com/dead-claudia/github-limits: both are what GitHub takes. */
const MOST_CHARS = 65_536;
const MOST_BYTES = 262_144;

const render = renderDashboard;

test('shows at a glance what is where, what is coming and what it waits for', () => {
  const text = render(
    inputOf(pipelineOf(), {
      holds: [holdOf({ untilMs: Date.parse('2026-12-01T09:00:00Z') })],
      past: {
        ended: [
          {
            ...{ application: 'cart', to: 'prod', release: 'v2.0.0', pull: 11 },
            ...{ outcome: 'merged', at: '2026-11-27T10:00:00Z', by: 'bea' },
          },
        ],
        arrived: new Map([
          ['cart@prod', { release: 'v2.0.0', at: '2026-11-27T10:00:00Z' }],
          ['checkout@prod', { release: 'v1.4.1', at: '2026-11-20T10:00:00Z' }],
        ]),
      },
    }),
  );
  expect(text.split('\n').filter((line) => line !== '')).toEqual([
    '<!-- sluice:dashboard -->',
    '2 applications in 3 environments. **🙋 1 waiting for somebody · ❄️ 1 freeze**',
    '```mermaid',
    'flowchart LR',
    '  builds(["builds"]) --> e0',
    '  e0["dev<br/>2 applications"]',
    '  e1["staging<br/>2 applications"]',
    '  e2["prod<br/>2 applications<br/>1 coming<br/>❄️ frozen"]',
    '  e0 --> e1',
    '  e1 --> e2',
    '  classDef frozen stroke-dasharray: 5 5',
    '  class e2 frozen',
    '```',
    '## Under way',
    '|  | application | to | what it waits for |',
    '| --- | --- | --- | --- |',
    '| 🙋 [#12](../pull/12) | **checkout** | prod: `v1.5.0` | **manual**: comment `/promote` on this pull request |',
    '## Holds and freezes',
    '| held | until | why | by | since |',
    '| --- | --- | --- | --- | --- |',
    '| ❄️ everything in **prod** | Tue 2026-12-01 09:00 UTC | the sale | ann | 2026-11-28 08:00Z |',
    '## Do something',
    'Ticking a box does what the command of the same name does, if you may.',
    expect.stringMatching(/^- \[ \] <!-- sluice:box=resume-[0-9a-f]{16} -->Let \*\*prod\*\* go on$/),
    '- [ ] <!-- sluice:box=refresh -->Look at everything anew',
    '<details><summary>Freeze an environment</summary>',
    expect.stringContaining('-->Freeze **dev** until'),
    expect.stringContaining('-->Freeze **staging** until'),
    '</details>',
    '## What is where',
    'Dates tell when a promotion brought a release there.',
    '| application | dev | staging | prod ❄️ |',
    '| --- | --- | --- | --- |',
    '| **checkout** | `v1.5.0` | `v1.5.0` | `v1.4.2`<br>🙋 `v1.5.0` [#12](../pull/12) |',
    '<details><summary>1 application with one release everywhere</summary>',
    '| application | dev | staging | prod ❄️ |',
    '| --- | --- | --- | --- |',
    '| **cart** | `v2.0.0` | `v2.0.0` | `v2.0.0` 2026-11-27 |',
    '</details>',
    '## Last promotions',
    '|  | application | to |  | by |',
    '| --- | --- | --- | --- | --- |',
    '| 2026-11-27 | **cart** | prod: `v2.0.0` | merged [#11](../pull/11) | bea |',
    expect.stringContaining('Close the issue to have no dashboard'),
  ]);
});

test('what failed comes first, then what somebody can do', () => {
  const gate = (name: string, state: 'waiting' | 'failed') => [{ gate: name, state, reason: 'because' }];
  const text = render(
    inputOf(
      pipelineOf({
        promotions: [
          promotionOf({ application: 'soaking', pull: 1, gates: gate('soak', 'waiting') }),
          promotionOf({ application: 'held', pull: 2, gates: gate('hold', 'waiting') }),
          promotionOf({ application: 'reviewed', pull: 3, gates: gate('approvals of sre', 'waiting') }),
          promotionOf({ application: 'ready', pull: 4, gates: [] }),
          promotionOf({ application: 'red', pull: 5, gates: gate('checks on source', 'failed') }),
          promotionOf({ application: 'moving', pull: 6, gates: [], isMergedBySluice: true }),
        ],
      }),
    ),
  );
  const order = [...text.matchAll(/^\| (\S+) \[#\d\]\(\S+\) \| \*\*(\w+)\*\*/gm)].map((found) =>
    found.slice(1),
  );
  expect(order).toEqual([
    ['❌', 'red'],
    ['✅', 'ready'],
    ['🙋', 'reviewed'],
    ['⏸️', 'held'],
    ['⏳', 'soaking'],
    ['🔄', 'moving'],
  ]);
});

test('a broken config is said with its lines, and nothing of the pipeline is claimed', () => {
  const text = render(
    inputOf({
      state: 'broken-config',
      problems: [{ line: 3, column: 5, message: 'unknown key `gatez`; did you mean `gates`?', path: '' }],
    }),
  );
  expect(text).toContain('Nothing is promoted until it is mended');
  expect(text).toContain('- line 3, column 5: unknown key `gatez`; did you mean `gates`?');
  expect(text).not.toMatch(/mermaid|What is where/);
});

test.each([
  [200, 30],
  [200, 200],
  [200, 0],
  [10_000, 100],
])(
  '%i applications x 6 environments, %i of them under way, stay under the limit of GitHub',
  (count, busy) => {
    const text = render(largeInput(count, busy));
    // A browser may send each end of a line as two characters.
    expect(text.replace(/\n/g, '\r\n').length).toBeLessThan(MOST_CHARS);
    expect(Buffer.byteLength(text.replace(/\n/g, '\r\n'))).toBeLessThan(MOST_BYTES);
    const shown = new Set([...text.matchAll(/\*\*payments-service-(\d+)\*\*/g)].map(([, number]) => number));
    const left = [...text.matchAll(/^_(\d+) more applications .* left out here\._$/gm)].map(([, number]) =>
      Number(number),
    );
    expect(shown.size + left.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(count);
    // What people act on is never what is cut.
    expect(text).toContain('- [ ] <!-- sluice:box=refresh -->');
    expect(text).toContain('Close the issue to have no dashboard');
  },
);

test('a ticked box is found, whatever a browser made of the ends of lines, and ticks change nothing else', () => {
  const text = render(largeInput(20, 10));
  const ids = [...text.matchAll(/sluice:box=(\S+) -->/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  const sent = tick(text, [ids[0]!, 'refresh']).replace(/\n/g, '\r\n');
  expect(listTicked(text)).toEqual([]);
  expect(listTicked(sent).sort()).toEqual([ids[0], 'refresh'].sort());
  expect(digestOf(sent)).toBe(digestOf(text));
  expect(digestOf(sent.replace('Promote', 'Freeze'))).not.toBe(digestOf(text));
});

const piece = fc.constantFrom(
  ...[
    '@acme/all',
    '@ann',
    '#12',
    'GH-3',
    '|',
    '\\',
    '`',
    '```',
    '\n',
    '\r\n',
    '<b>',
    '</details>',
    '-->',
    '<!--',
  ],
  ...[
    '![x](https://evil.example/i.png)',
    '[x](https://evil.example)',
    '**',
    '_',
    '~~',
    '&commat;',
    '"]',
    '"',
    ';',
  ],
  ...[
    '\n- [x] <!-- sluice:box=refresh -->',
    '- [x] ',
    '%%{init: {}}%%',
    'click e0 href "https://evil.example"',
  ],
  ...['\u2028', '\u202e', 'end', '#quot;', '\n\n# Head', 'https://evil.example', 'a', 'v1'],
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
);

test('nothing that a repository holds or a person says gets out of its place', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 8, maxLength: 8 }), (words) => {
      const [application, stage, label, why, by, other, gate, last] = words as [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const what = { application, to: stage, release: label };
      const text = render(
        inputOf(
          pipelineOf({
            environments: [
              { name: 'dev', from: [], takesBuilds: true },
              { name: stage, from: ['dev'], takesBuilds: false },
            ],
            holdings: [
              { application, environment: 'dev', release: label },
              { application, environment: stage, release: other },
            ],
            promotions: [promotionOf({ ...what, gates: [{ gate, state: 'waiting', reason: why }] })],
            notPromoted: [{ application: other, from: ['dev'], to: stage, reason: why }],
            boxes: [makeBox({ ...{ kind: 'promote', ...what, fingerprint: label }, pull: 12 })],
          }),
          {
            holds: [holdOf({ application: other, environment: stage, reason: why, by })],
            past: {
              ended: [{ ...what, release: last, pull: 3, outcome: 'closed', at: '2026-11-27T10:00:00Z', by }],
              arrived: new Map(),
            },
          },
        ),
      );
      const lines = text.split('\n');
      expect(listTicked(text)).toEqual([]);
      // Boxes: the promotion, two environments to freeze, and the one to look anew.
      expect(lines.filter((line) => /^\s*- \[/.test(line))).toHaveLength(4);
      expect(lines.filter((line) => line.startsWith('```'))).toEqual(['```mermaid', '```']);
      expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(5);
      expect(text).not.toMatch(/@(?!\u200b)|[\r\u2028\u2029\u202e\0]/);
      const bare = withoutCode(lines);
      expect(bare).not.toMatch(/(?<!\\)!\[|(?<!\\)\]\((?!\.\.\/pull\/\d+\))|https?:\/\/|&(?<!\\&)/);
      const tags = bare.match(/(?<!\\)<\/?[a-z]+/g) ?? [];
      expect(tags.filter((tag) => !/^<\/?(details|summary|br)$/.test(tag))).toEqual([]);
      const folds = 2 + Number(bare.includes('everywhere</summary>'));
      expect(tags.filter((tag) => /details/.test(tag))).toHaveLength(2 * folds);
      for (const columns of tablesOf(lines)) expect(new Set(columns).size).toBe(1);
      expectPlainGraph(lines);
    }),
  );
});

/** Where Markdown counts: not in code, which a backslash before it keeps from being any. */
function withoutCode(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, 'code')).join('\n');
}

/** Of each table, how many cells each of its rows has. */
function tablesOf(lines: readonly string[]): number[][] {
  const tables: number[][] = [];
  let open: number[] | null = null;
  for (const line of lines) {
    if (!line.startsWith('|')) {
      open = null;
      continue;
    }
    if (!open) {
      open = [];
      tables.push(open);
    }
    open.push(line.split(/(?<!\\)\|/).length);
  }
  return tables;
}

/** Each line of the graph is one that Sluice wrote, and what stands in quotes has neither quotes nor markup in it. */
function expectPlainGraph(lines: readonly string[]): void {
  const start = lines.indexOf('```mermaid');
  const graph = lines.slice(start + 2, lines.indexOf('```', start + 1));
  for (const line of graph) {
    expect(line).toMatch(
      /^ {2}(builds\(\["builds"\]\) --> e\d+|e\d+\["[\p{L}\p{N} ._…#;-]*(<br\/>(❄️ )?[\w ]+)*"\]|e\d+ --> e\d+|classDef .*|class e[\d,e]+ frozen)$/u,
    );
  }
}
