import type { BadRelease } from '../../domain/bad-release.ts';
import { isInForce, isSameTarget } from '../../domain/hold.ts';
import type { TargetId } from '../../domain/target.ts';
import { messageOf } from '../commands/hold-target.ts';
import { code, plain } from '../markdown.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { changeStops } from '../state/stop-store.ts';

/** Whose word takes marks away, from what. */
export interface ForgetOrder {
  target: TargetId;
  /** Label of the release; null: all that are marked there. */
  release: string | null;
  /** Login. */
  actor: string;
  url: string;
}

/**
 * Takes the marks of bad releases away, which may then be promoted again; the target stays held. One whose rollback is
 * under way keeps its mark: that is ended with its hold.
 */
export async function forgetBad(
  host: RepositoryReader & RepositoryWriter,
  { target, release, actor, url }: ForgetOrder,
  nowMs: number,
): Promise<{ isTaken: boolean; answer: string }> {
  const { application, environment } = target;
  let gone: BadRelease[] = [];
  let kept: BadRelease[] = [];
  const written = await changeStops(host, nowMs, ({ bad, holds }) => {
    const named = bad.filter(
      (each) => isSameTarget(each, target) && (release === null || each.release === release),
    );
    kept = named.filter((mark) =>
      holds.some((hold) => hold.url === mark.url && isSameTarget(hold, mark) && isInForce(hold, nowMs)),
    );
    gone = named.filter((mark) => !kept.includes(mark));
    if (gone.length === 0) return null;
    const what = `Forget that ${gone.map((each) => each.release).join(', ')} is bad for ${application} in ${environment}`;
    return {
      holds,
      bad: bad.filter((each) => !gone.includes(each)),
      message: messageOf(what, actor, url, 'forgotten'),
    };
  });
  const where = `**${plain(application)}** in **${plain(environment)}**`;
  if (!written.known) return { isTaken: false, answer: `Nothing is forgotten: ${written.reason}.` };
  const lines = [];
  if (gone.length > 0)
    lines.push(
      `${code(actor)} took the mark from ${gone.map((each) => code(each.release)).join(', ')}: it may come to ${where} again.`,
    );
  if (kept.length > 0)
    lines.push(
      `${kept.map((each) => code(each.release)).join(', ')} stays marked while ${where} is held for its rollback; ${code(`/resume ${application} ${environment}`)} ends that.`,
    );
  if (lines.length === 0) lines.push(`Nothing like that is marked as bad for ${where}.`);
  return { isTaken: gone.length > 0, answer: lines.join(' ') };
}
