import type { GateSpec } from '../gate-spec.ts';
import type { ChangesFact, GateFacts, PullFact, ReviewFact } from './facts.ts';
import type { GateResult } from './gate.ts';

type PullRequestSpec = Extract<GateSpec, { kind: 'pull-request' }>;

/** A part of the release that does not pass, and why. */
interface Finding {
  state: 'failed' | 'waiting';
  text: string;
}

/** A release may have come by hundreds of pull requests; the reason stands in one cell of a table. */
const MOST_NAMED = 10;

/**
 * Passes when each pull request that led to the release carries the labels, lacks others and was reviewed, and nothing
 * came without one. A later label or review can still let it pass, so it waits for those.
 */
export function evaluatePullRequest(spec: PullRequestSpec, { changes }: GateFacts): GateResult {
  const gate = 'pull-request';
  if (!changes.known) return { gate, state: 'waiting', reason: changes.reason };
  const { pulls, pushes, builds, gaps } = changes.value;
  const findings: Finding[] = [
    ...pulls.flatMap((pull) => judgePull(spec, pull)),
    ...(spec.allow.includes('push') ? [] : pushes.map(describePush)),
    ...(spec.allow.includes('build') ? [] : builds.map(describeBuild)),
    ...gaps.map((gap): Finding => ({ state: 'waiting', text: `not all is known: ${gap}` })),
  ];
  if (pulls.length + pushes.length + builds.length === 0 && findings.length === 0) {
    return { gate, state: 'waiting', reason: 'nothing is known of how the release came here' };
  }
  if (findings.length === 0) return { gate, state: 'passed', reason: describePassed(spec, changes.value) };
  const failed = findings.filter(({ state }) => state === 'failed');
  const told = [...failed, ...findings.filter(({ state }) => state !== 'failed')];
  return {
    gate,
    state: failed.length > 0 ? 'failed' : 'waiting',
    reason: nameSome(
      told.map(({ text }) => text),
      '; ',
    ),
  };
}

function judgePull(spec: PullRequestSpec, pull: PullFact): Finding[] {
  const has = (label: string) => pull.labels.some((each) => key(each) === key(label));
  const missing = spec.labels.filter((label) => !has(label));
  const unwanted = spec.withoutLabels.filter(has);
  const findings: Finding[] = [];
  if (unwanted.length > 0)
    findings.push({ state: 'failed', text: `#${pull.number} carries ${quoteAll(unwanted)}` });
  if (missing.length > 0)
    findings.push({ state: 'waiting', text: `#${pull.number} lacks the label ${quoteAll(missing)}` });
  const review = spec.reviews > 0 ? judgeReviews(spec.reviews, pull) : null;
  return review === null ? findings : [...findings, { state: 'waiting', text: review }];
}

/** What is missing of the reviews of a pull request; null when nothing is. */
function judgeReviews(count: number, pull: PullFact): string | null {
  const approvals = latestReviews(pull).filter(({ state }) => state === 'approved');
  const verdicts = approvals.map((review) => ({ review, why: whyNotCounted(pull, review) }));
  const counted = verdicts.filter(({ why }) => why === null).length;
  // One whose name is not known could be any of those who approved.
  if (counted >= count)
    return pull.authors.known
      ? null
      : `who wrote #${pull.number} is not known for sure: ${pull.authors.reason}`;
  const uncounted = verdicts.flatMap(({ review, why }) =>
    why === null ? [] : [`${review.reviewer}'s does not count: ${why}`],
  );
  const have = `#${pull.number} has ${counted} of ${count} ${count === 1 ? 'approval' : 'approvals'}`;
  return uncounted.length === 0 ? have : `${have} (${nameSome(uncounted, ', ')})`;
}

/** Why an approval does not count; null when it does. */
export function whyNotCounted(pull: PullFact, { reviewer, isBot, sha }: ReviewFact): string | null {
  if (isBot) return 'a bot cannot approve';
  if (!includes(pull.writers, reviewer)) return 'no write access to this repository';
  if (pull.authors.known && includes(pull.authors.value, reviewer)) return 'author of the change';
  return sha === pull.headSha ? null : `given to ${sha.slice(0, 7)}, not to the head that was merged`;
}

/** A comment does not take back an approval; anything else does. */
export function latestReviews({ reviews }: PullFact): ReviewFact[] {
  const latest = new Map<string, ReviewFact>();
  for (const review of reviews) if (review.state !== 'commented') latest.set(key(review.reviewer), review);
  return [...latest.values()];
}

function describePush(sha: string): Finding {
  return {
    state: 'failed',
    text: `${sha.slice(0, 7)} was pushed without a pull request; bring the value by one, or set \`allow: [push]\``,
  };
}

function describeBuild(source: string | null): Finding {
  const what = source === null ? 'a build' : `the build of \`${source}\``;
  return {
    state: 'failed',
    text: `it came from ${what}, for which this repository has no pull request of people; \`allow: [build]\` lets it pass`,
  };
}

function describePassed(spec: PullRequestSpec, { pulls, pushes, builds }: ChangesFact): string {
  const parts: string[] = [];
  if (pulls.length > 0)
    parts.push(
      `${nameSome(
        pulls.map(({ number }) => `#${number}`),
        ', ',
      )}: ${describeDemands(spec)}`,
    );
  if (pushes.length > 0) {
    const shas = pushes.map((sha) => sha.slice(0, 7));
    parts.push(`pushed without a pull request, which is allowed: ${nameSome(shas, ', ')}`);
  }
  if (builds.length > 0) parts.push('from a build, which is allowed');
  return parts.join('; ');
}

/** What the gate asks of each pull request, for people. */
export function describeDemands({ labels, withoutLabels, reviews }: PullRequestSpec): string {
  const demands: string[] = [];
  if (labels.length > 0) demands.push(`with ${quoteAll(labels)}`);
  if (withoutLabels.length > 0) demands.push(`without ${quoteAll(withoutLabels)}`);
  if (reviews > 0) demands.push(`approved by ${reviews} ${reviews === 1 ? 'person' : 'people'}`);
  return demands.join(', ');
}

function nameSome(texts: readonly string[], separator: string): string {
  const more = texts.length - MOST_NAMED;
  const named = texts.slice(0, MOST_NAMED).join(separator);
  return more > 0 ? `${named} and ${more} more` : named;
}

function quoteAll(labels: readonly string[]): string {
  return labels.map((label) => `\`${label}\``).join(', ');
}

function includes(logins: readonly string[], login: string): boolean {
  return logins.some((each) => key(each) === key(login));
}

/** GitHub tells neither labels nor logins apart by case. */
function key(name: string): string {
  return name.toLowerCase();
}
