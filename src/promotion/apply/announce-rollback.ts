import type { BadRelease } from '../../domain/bad-release.ts';
import type { ReviewFact } from '../../domain/gates/facts.ts';
import { targetKey } from '../../domain/target.ts';
import { code, plain } from '../markdown.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { noteOnce } from './note-once.ts';

/** Logins of GitHub; anything else is not mentioned. */
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const MOST_MENTIONED = 10;

/** Says on a promotion that Sluice rolls it back and why, and calls those who approved it. */
export async function announceRollback(
  host: RepositoryReader & RepositoryWriter,
  number: number,
  mark: BadRelease,
): Promise<void> {
  const { application, environment, release, reason, rollback } = mark;
  const approvers = approversOf(await host.listReviews(number));
  const where = `**${plain(application)}** in **${plain(environment)}**`;
  const text = [
    `Sluice rolls this back: ${where} goes from ${code(release)} to ${code(rollback.release)}, because ${plain(reason)}.`,
    `${code(release)} is not promoted there again, and ${where} is held until ${code(`/resume ${application} ${environment}`)}; the environments before go on.`,
    ...(approvers.length > 0
      ? [`You approved it: ${approvers.map((login) => `@${login}`).join(', ')}.`]
      : []),
  ].join(' ');
  await noteOnce(host, number, {
    mark: `<!-- sluice:rolled-back ${mark.fingerprint} ${hash(mark)} -->`,
    text,
  });
}

/** A name could end the comment that the mark stands in. */
function hash(mark: BadRelease): string {
  return Buffer.from(targetKey(mark)).toString('base64url');
}

/** Whose last word was an approval. */
function approversOf(reviews: readonly ReviewFact[]): string[] {
  const last = new Map<string, ReviewFact['state']>();
  for (const { reviewer, isBot, state } of reviews) {
    if (!isBot && state !== 'commented' && LOGIN.test(reviewer)) last.set(reviewer, state);
  }
  return [...last]
    .flatMap(([login, state]) => (state === 'approved' ? [login] : []))
    .slice(0, MOST_MENTIONED);
}
