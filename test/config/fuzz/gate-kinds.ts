import type { Approver, GateSpec } from '../../../src/domain/gate-spec.ts';

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
    ],
    isNoWeaker(written, { count, from, allowAuthor, allowRequester }) {
      if (typeof written === 'number') written = { count: written };
      const long = map(written, ['count', 'from', 'allow-author', 'allow-requester']);
      return (
        count >= Math.max(1, Number(long.count ?? 1)) &&
        from.length > 0 &&
        from.every((each) => list(long.from ?? ['write']).includes(wordsOf(each))) &&
        allowAuthor === (long['allow-author'] === true) &&
        allowRequester === (long['allow-requester'] === true)
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

function wordsOf(approver: Approver): string {
  if (approver.kind === 'user') return `user:${approver.login}`;
  return approver.kind === 'team' ? `team:${approver.organization}/${approver.slug}` : approver.kind;
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
