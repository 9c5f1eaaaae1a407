import type { ApprovalRule, Approver, GateSpec } from '../../../src/domain/gate-spec.ts';

type SpecOf<Kind extends GateSpec['kind']> = Extract<GateSpec, { kind: Kind }>;

interface KindOfGate<Spec> {
  /** What stands behind the name of the kind, right in all its forms; `null` for a kind that is a single word. */
  examples: readonly unknown[];
  /** Whether the gate asks for all that the text plainly says. */
  isNoWeaker(written: unknown, gate: Spec): boolean;
}

/** What the fuzz knows of each kind of gate. A new kind that is not here does not compile. */
export const KINDS: { [Kind in GateSpec['kind']]: KindOfGate<SpecOf<Kind>> } = {
  checks: {
    examples: [
      ['ci/smoke', { name: 'e2e / *', app: 'github-actions' }],
      { on: 'source', names: ['argocd/healthy', 'lint'], accept: ['skipped'] },
      { on: 'promotion', names: [{ name: 'build' }], accept: ['neutral', 'skipped'] },
    ],
    isNoWeaker(written, { on, checks, accept }) {
      const long = Array.isArray(written) ? { names: written } : map(written, ['on', 'names', 'accept']);
      const names = list(long.names).map((each) =>
        typeof each === 'string' ? { name: each } : map(each, ['name', 'app']),
      );
      return (
        on === (long.on ?? 'promotion') &&
        names.length === checks.length &&
        names.every(
          ({ name, app = null }, index) => name === checks[index]?.name && app === checks[index]?.app,
        ) &&
        accept.every((each) => list(long.accept).includes(each))
      );
    },
  },
  approvals: {
    examples: [
      2,
      { count: 3, from: ['team:acme/sre', 'user:alice'] },
      { from: ['codeowners', 'write'], 'allow-author': true, 'allow-requester': false },
      { all: [{ count: 2, from: ['role:maintain'] }, { any: [{ from: ['user:bob'] }, { count: 4 }] }] },
    ],
    isNoWeaker(written, { rule, allowAuthor, allowRequester }) {
      if (typeof written === 'number')
        return isRule({ count: written }, rule) && !allowAuthor && !allowRequester;
      const keys = ['count', 'from', 'all', 'any', 'allow-author', 'allow-requester'];
      const { 'allow-author': author, 'allow-requester': requester, ...long } = map(written, keys);
      return (
        isRule(long, rule) && allowAuthor === (author === true) && allowRequester === (requester === true)
      );
    },
  },
  soak: {
    examples: ['24h', { for: '1d12h', since: 'merged' }, { for: '90m' }],
    isNoWeaker(written, { durationMs, since }) {
      const long = typeof written === 'string' ? { for: written } : map(written, ['for', 'since']);
      return durationMs === plainDurationMs(long.for) && since === (long.since ?? 'merged');
    },
  },
  health: {
    examples: [
      'argocd',
      { preset: 'flux', for: '10m' },
      { status: 'rollout/{from}/{app}', by: 'argocd[bot]' },
      { deployment: '{from}', for: '1h' },
      { check: 'smoke / {app}' },
    ],
    isNoWeaker(written, { source, durationMs }) {
      const keys = ['preset', 'status', 'check', 'deployment', 'by', 'for'];
      const long = typeof written === 'string' ? { preset: written } : map(written, keys);
      const name = long.status ?? long.check ?? long.deployment;
      const isNamed = name === undefined ? long.preset !== undefined : source.name === name;
      return (
        isNamed &&
        source.by === (long.by ?? null) &&
        durationMs === (long.for === undefined ? 0 : plainDurationMs(long.for))
      );
    },
  },
  after: {
    examples: ['database', { application: 'cart', version: '>=1.4' }, ['database', { application: 'cart' }]],
    isNoWeaker(written, { dependencies }) {
      const all = (Array.isArray(written) ? written : [written]).map((each) =>
        typeof each === 'string' ? { application: each } : map(each, ['application', 'version']),
      );
      return (
        all.length === dependencies.length &&
        all.every(
          ({ application, version = null }, index) =>
            application === dependencies[index]?.application && version === dependencies[index]?.version,
        )
      );
    },
  },
  policy: {
    examples: [
      "to != 'prod'",
      { pass: ["'safe' in labels"], deny: [{ rule: "application == 'x'", name: 'no x', message: 'ask' }] },
    ],
    isNoWeaker(written, { pass, deny }) {
      const long = typeof written === 'string' ? { pass: [written] } : map(written, ['pass', 'deny']);
      const isAll = (texts: unknown, rules: typeof pass) => {
        const wanted = list(texts).map((each) =>
          typeof each === 'string' ? each : map(each, ['rule', 'name', 'message']).rule,
        );
        return wanted.length === rules.length && wanted.every((text, at) => text === rules[at]?.expression);
      };
      return isAll(long.pass, pass) && isAll(long.deny, deny);
    },
  },
  http: {
    examples: [
      'https://status.acme.example/ready',
      { url: 'https://status.acme.example/', method: 'POST', timeout: '5s', retries: 1, every: '5m' },
      {
        url: 'https://status.acme.example/x',
        expect: { status: [200, 204], json: { path: 'a.b', equals: true } },
        'on-mismatch': 'fail',
      },
    ],
    isNoWeaker(written, { url, method, status, json, onMismatch }) {
      const keys = ['url', 'method', 'expect', 'timeout', 'retries', 'every', 'on-mismatch'];
      const long = typeof written === 'string' ? { url: written } : map(written, keys);
      const expected = long.expect === undefined ? {} : map(long.expect, ['status', 'json']);
      const statuses = Array.isArray(expected.status) ? expected.status : [expected.status ?? 200];
      const asked = expected.json === undefined ? null : map(expected.json, ['path', 'equals']);
      return (
        new URL(url).href === new URL(String(long.url)).href &&
        method === (long.method ?? 'GET') &&
        status.every((each) => statuses.includes(each)) &&
        (asked === null ? json === null : json?.path === asked.path && json?.equals === asked.equals) &&
        onMismatch === (long['on-mismatch'] ?? 'wait')
      );
    },
  },
  'pull-request': {
    examples: [
      { labels: ['safe'], 'without-labels': ['wip'] },
      { reviewed: true },
      { reviewed: 2, allow: ['build'] },
    ],
    isNoWeaker(written, { labels, withoutLabels, reviews, allow }) {
      const long = map(written, ['labels', 'without-labels', 'reviewed', 'allow']);
      const holds = (texts: unknown, found: readonly string[]) =>
        list(texts).every((each) =>
          found.some((label) => label.toLowerCase() === String(each).toLowerCase()),
        );
      return (
        holds(long.labels, labels) &&
        holds(long['without-labels'], withoutLabels) &&
        reviews >= (long.reviewed === true ? 1 : Number(long.reviewed ?? 0)) &&
        allow.every((each) => list(long.allow).includes(each))
      );
    },
  },
  manual: { examples: [null], isNoWeaker: (written) => written === null },
  window: {
    examples: [
      'weekdays 09:00-17:00 Europe/Berlin',
      { allow: ['mon-thu 09:00-12:00 13:00-17:00', 'sat 22:00-02:00'], zone: 'America/New_York' },
      { block: ['12-24..01-02', 'fri 12:00-24:00', '2026-11-27'], zone: 'UTC' },
      { allow: ['daily 00:00-24:00'], block: ['weekends'], zone: 'Australia/Lord_Howe' },
    ],
    isNoWeaker(written, { allow, block, zone }) {
      const long = plainWindow(written);
      const texts = (entries: typeof block) => entries.map(({ text }) => text).join('\n');
      // `[mon,tue 09:00-17:00]` without quotes is two entries, and nobody means the first one to be the whole day.
      if (allow?.some(({ text }) => !text.includes(':'))) return false;
      return (
        zone === long.zone &&
        texts(block) === long.block.map(tidy).join('\n') &&
        (allow === null ? long.allow === null : texts(allow) === long.allow?.map(tidy).join('\n'))
      );
    },
  },
};

/** A window as the text says it, in its long form. */
function plainWindow(written: unknown) {
  if (typeof written === 'string') {
    const words = written.trim().split(/\s+/);
    return { allow: [words.slice(0, -1).join(' ')], block: [], zone: words.at(-1) ?? '' };
  }
  const { allow, block, zone } = map(written, ['allow', 'block', 'zone']);
  return {
    allow: allow === undefined ? null : list(allow).map(String),
    block: list(block).map(String),
    zone: String(zone),
  };
}

function tidy(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}

/** Whether a rule of approvals asks for all that is written. */
function isRule(written: unknown, rule: ApprovalRule): boolean {
  return plainRule(written).join('\n') === plainRule(writeOut(rule)).join('\n');
}

/** A rule as a line, or its group as one line for each rule: repeated ones, and groups in like groups, ask nothing more. */
function plainRule(written: unknown): string[] {
  const { count = 1, from = ['write'], all, any } = map(written, ['count', 'from', 'all', 'any']);
  const kind = all === undefined ? 'any' : 'all';
  const rules = all ?? any;
  if (rules === undefined) {
    const names = list(from).map((each) => String(each === 'write' ? 'role:write' : each).toLowerCase());
    return [`${count} of ${[...new Set(names)].sort().join()}`];
  }
  const parts = list(rules).map(plainRule);
  const lines = parts.flatMap(([first = '', ...others]) =>
    first === kind ? others : others.length > 0 ? [`(${[first, ...others].join(' ')})`] : [first],
  );
  const different = [...new Set(lines)].sort();
  if (different.length > 1) return [kind, ...different];
  return parts.find((part) => part.length > 1 && part[0] !== kind) ?? different;
}

function writeOut(rule: ApprovalRule): unknown {
  return rule.kind === 'count'
    ? { count: rule.count, from: rule.from.map(wordsOf) }
    : { [rule.kind]: rule.rules.map(writeOut) };
}

function wordsOf(approver: Approver): string {
  if (approver.kind === 'user') return `user:${approver.login}`;
  if (approver.kind === 'role') return `role:${approver.role}`;
  return approver.kind === 'team' ? `team:${approver.organization}/${approver.slug}` : approver.kind;
}

const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

function plainDurationMs(text: unknown): number {
  const parts = String(text).match(/\d+[dhms]/g) ?? [];
  if (parts.join('') !== text) return Number.NaN;
  return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * UNIT_MS[part.slice(-1)]!, 0);
}

/** A map with no other keys than these: a word that is passed over could have made the gate stronger. */
export function map(value: unknown, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('this is no map');
  const other = Object.keys(value).find((key) => !keys.includes(key));
  if (other !== undefined) throw new Error(`${JSON.stringify(other)} was passed over`);
  return { ...value };
}

export function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error('this is no list');
  return value;
}
