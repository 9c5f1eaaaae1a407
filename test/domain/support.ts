import type { PromoteRule } from '../../src/domain/promote-rule.ts';
import { DEFAULT_PROMOTE_RULES } from '../../src/domain/promote-rule.ts';
import type { Environment } from '../../src/domain/settings.ts';
import type { HeldValue, HeldValues, ValueKind } from '../../src/domain/value.ts';

export const SHA_1 = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
export const SHA_2 = '9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c';
export const IMAGE = 'ghcr.io/acme/checkout';
export const DIGEST_1 = `sha256:${'a'.repeat(64)}`;
export const DIGEST_2 = `sha256:${'b'.repeat(64)}`;

function value(kind: ValueKind, name: string, part: string, text: string): HeldValue {
  const occurrences = [{ path: `${name}.yaml`, line: 3, document: 0, address: ['images', 0, part] }];
  return { kind, name, part, value: text, occurrences };
}

export const tag = (text: string, name = IMAGE) => value('image', name, 'newTag', text);
export const digest = (text: string, name = IMAGE) => value('image', name, 'digest', text);
export const ref = (text: string, name = 'github.com/acme/checkout') =>
  value('remote-base', name, 'ref', text);
export const field = (text: string, part = 'image_tag', name = '') => value('field', name, part, text);
/** A value of any other kind: `checkout image` and `tag` of Argo CD. */
export const held = value;
export const file = (name: string, sha: string) => value('file', name, 'content', `100644 ${sha}`);

export function holding(...values: HeldValue[]): HeldValues {
  return { values, ambiguous: [], problems: [] };
}

/** Holds two different tags of the same image. */
export function ambiguous(...tags: [string, string]): HeldValues {
  const values = tags.map((text, index) => ({
    value: text,
    occurrences: [{ path: `overlay-${index}.yaml`, line: 7, document: 0, address: [] }],
  }));
  return {
    values: [],
    ambiguous: [{ kind: 'image', name: IMAGE, part: 'newTag', values }],
    problems: [],
  };
}

export const RULES = { promote: DEFAULT_PROMOTE_RULES, allowDowngrade: false, allowFloating: false };
export const WITH_REFS: readonly PromoteRule[] = [...DEFAULT_PROMOTE_RULES, { kind: 'refs' }];

export function environment(name: string, from: string[] = [], more: Partial<Environment> = {}): Environment {
  return {
    name,
    from,
    paths: [`apps/{app}/${name}`],
    groups: [],
    gates: [],
    noOverride: [],
    autoMerge: false,
    reviewers: [],
    allowDowngrade: false,
    allowFloating: false,
    open: 'at-once',
    candidate: 'current',
    ...more,
  };
}
