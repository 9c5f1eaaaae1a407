import type { PromotionFact } from './gates/facts.ts';

/** Lists that are longer, and texts, are not looked at: an expression over them could take long. */
export const MOST_ENTRIES = 200;
export const LONGEST_TEXT = 1_000;

/** The names that an expression may use, with what each is in CEL. */
export const POLICY_NAMES = {
  application: 'string',
  release: 'Release',
  from: 'list<string>',
  to: 'string',
  changes: 'list<Change>',
  labels: 'list<string>',
  actor: 'dyn',
  actors: 'list<string>',
  authors: 'list<string>',
  time: 'google.protobuf.Timestamp',
} as const;

// CEL tells the types of objects by their constructors.
class Value {}
class Release {}
class Change {}

export const POLICY_TYPES = {
  Value: { ctor: Value, fields: { kind: 'string', name: 'string', part: 'string', value: 'string' } },
  Release: { ctor: Release, fields: { label: 'string', fingerprint: 'string', values: 'list<Value>' } },
  Change: {
    ctor: Change,
    fields: { kind: 'string', name: 'string', part: 'string', from: 'string', to: 'string' },
  },
} as const;

export type PolicyName = keyof typeof POLICY_NAMES;

/** What an expression asks for; `values` are those of the release. */
export type PolicyNeed = PolicyName | 'values';

/** Everything that an expression sees. */
export interface PolicyObject extends Omit<PromotionFact, 'changes'> {
  changes: Record<keyof typeof POLICY_TYPES.Change.fields, string>[];
  /** Who asked first; null when nobody did. */
  actor: string | null;
  actors: readonly string[];
  authors: readonly string[];
  time: Date;
}

/** Puts facts into the form that expressions see. */
export function toPolicyObject(
  { changes, release, ...promotion }: PromotionFact,
  actors: readonly string[],
  authors: readonly string[],
  nowMs: number,
): PolicyObject {
  return {
    ...promotion,
    release: Object.assign(new Release(), {
      label: release.label,
      fingerprint: release.fingerprint,
      values: release.values.map(({ kind, name, part, value }) =>
        Object.assign(new Value(), { kind, name, part, value }),
      ),
    }),
    // CEL has no text that may be missing.
    changes: changes.map(({ kind, name, part, from, to }) =>
      Object.assign(new Change(), { kind, name, part, from: from ?? '', to: to ?? '' }),
    ),
    actor: actors[0] ?? null,
    actors,
    authors,
    time: new Date(nowMs),
  };
}

/** Why an expression that asks for these cannot be evaluated; null when it can. A part is never taken for the whole. */
export function findTooLarge(object: PolicyObject, needs: ReadonlySet<PolicyNeed>): string | null {
  const { changes, release, application, to, labels, from, actors, authors } = object;
  const lists: [PolicyNeed, readonly (string | object)[]][] = [
    ['changes', changes],
    ['values', release.values],
    ['labels', labels],
    ['from', from],
    ['actors', actors],
    ['authors', authors],
    ['application', [application]],
    ['release', [release.label]],
    ['to', [to]],
  ];
  for (const [name, entries] of lists) {
    if (!needs.has(name)) continue;
    const what = name === 'values' ? 'release.values' : name;
    if (entries.length > MOST_ENTRIES)
      return `\`${what}\` has ${entries.length} entries, and a policy looks at ${MOST_ENTRIES} at most`;
    const texts = entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
    if (texts.some((text) => text.length > LONGEST_TEXT))
      return `\`${what}\` holds a text of more than ${LONGEST_TEXT} characters, and a policy looks at no longer ones`;
  }
  return null;
}
