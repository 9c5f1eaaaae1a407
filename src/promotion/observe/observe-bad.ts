import { type BadRelease, findBad } from '../../domain/bad-release.ts';
import { isInForce, isSameTarget } from '../../domain/hold.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { compareVersions } from '../../domain/version.ts';
import { code, plain } from '../markdown.ts';
import type { Decided } from '../snapshot.ts';
import type { Stops } from '../state/stop-store.ts';
import type { CandidateContext } from './candidate-context.ts';

/**
 * What is due without what was marked as bad there. Where the marks cannot be read, nothing passes: the gate `hold`
 * waits for the same reason.
 */
export async function withoutBad(
  { stops }: Pick<CandidateContext, 'stops'>,
  decided: Decided,
): Promise<Decided> {
  const { promotion, application, environment } = decided;
  if (!promotion || promotion.rollsBack) return decided;
  const read = await stops();
  if (!read.known) return decided;
  const target = { application, environment: environment.name };
  const bad = findBad(read.value.bad, target, promotion.release.fingerprint);
  if (!bad) return decided;
  const { from, to } = promotion;
  const notPromoted = [{ application, from, to, reason: describeBad(bad) }, ...decided.notPromoted];
  return { ...decided, promotion: null, notPromoted, isBlocked: true };
}

/** Why a bad release stays away; Markdown, safe. */
function describeBad({ application, environment, release, by, reason, url }: BadRelease): string {
  const forget = code(`/rollback forget ${application} in ${environment}`);
  return `${code(release)} is marked as bad in ${plain(environment)} by ${plain(by)}: ${plain(reason)} (${url}). A newer release comes, or ${forget} takes the mark away`;
}

/** The rollback whose hold ends because something newer than its bad release is due, where the config says so. */
export async function liftedBy(
  { stops, nowMs }: Pick<CandidateContext, 'stops' | 'nowMs'>,
  { promotion, application, environment }: Decided,
): Promise<{ lifts?: BadRelease }> {
  if (!promotion || promotion.rollsBack || !environment.rollback?.isHoldLifted) return {};
  const read = await stops();
  const target = { application, environment: environment.name };
  const lifts = read.known ? findEnding(read.value, target, promotion, nowMs) : null;
  return lifts ? { lifts } : {};
}

function findEnding(
  { bad, holds }: Stops,
  target: { application: string; environment: string },
  { release }: Promotion,
  nowMs: number,
): BadRelease | null {
  const isHeld = ({ url }: BadRelease) =>
    holds.some((hold) => hold.url === url && isSameTarget(hold, target) && isInForce(hold, nowMs));
  const own = bad.findLast((each) => isSameTarget(each, target) && isHeld(each));
  if (!own || own.fingerprint === release.fingerprint) return null;
  // Where versions can be told apart, what is older than the bad one is no news.
  return compareVersions(release.label, own.release) === -1 ? null : own;
}
