import type { OverrideFact } from '../domain/gates/facts.ts';
import { plain } from './markdown.ts';
import type { CheckReport, OwnCheck } from './ports/checks.ts';
import type { Comment } from './ports/pulls.ts';

/** A person's word on a pull request: a comment, or a button on the check of a head. */
export interface OverrideWord extends Pick<Comment, 'id' | 'url' | 'issue' | 'author'> {
  /** Absent for a button. */
  createdAt?: string;
  /** The head whose check had the button. */
  headSha?: string;
}

/**
 * An override is kept as a check run of the App on the head that it is for: nobody else can write one, a new head has
 * none, and it is read with the other check runs of the head.
 */
const OVERRIDE_CHECK = 'sluice/override';

/** The check run has room for these; more than people take on one target. */
const MOST_HOLDS = 100;

const MARK = /^override:([a-z-]{1,40}):(\d{1,16})$/;

/** What the App has kept on a head. */
export function readOverrides(own: readonly OwnCheck[]): OverrideFact[] {
  return own.flatMap(({ name, externalId, summary, text }): OverrideFact[] => {
    const gate = MARK.exec(externalId)?.[1];
    const [by, url, reason] = summary.split('\n');
    if (name !== OVERRIDE_CHECK || !gate || !by || !url || !reason) return [];
    return [{ gate, by, url, reason, ...(text !== '' && { holds: text.split(/\r?\n/) }) }];
  });
}

export function reportOverride(
  headSha: string,
  gate: string,
  reason: string,
  word: Pick<Comment, 'id' | 'url' | 'author'>,
  holds: readonly string[] = [],
): CheckReport {
  return {
    name: OVERRIDE_CHECK,
    headSha,
    externalId: `override:${gate}:${word.id}`,
    state: 'success',
    title: `${gate} overridden by ${word.author}`,
    summary: [word.author, word.url, plain(reason)].join('\n'),
    ...(holds.length > 0 && { text: holds.slice(0, MOST_HOLDS).join('\n') }),
    annotations: [],
  };
}
