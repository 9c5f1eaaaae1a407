import { createHash } from 'node:crypto';
import { isInForce, nextExpiryMs } from '../../domain/hold.ts';
import { noteOnce } from '../apply/note-once.ts';
import type { DashboardInput, DashboardPast, WrittenDashboard } from '../ports/dashboard.ts';
import type { Issue } from '../ports/issues.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { readHolds } from '../state/hold-store.ts';
import { asWritten, digestOf, listTicked, tick } from './boxes.ts';
import type { Dashboard, SeenView } from './dashboard.ts';
import { findDashboard, openDashboard } from './dashboard-issue.ts';

type Host = RepositoryReader & RepositoryWriter;

/** The delivery of a tick comes within seconds; after this time none is to be expected, only that it got lost. */
const LONGEST_DELIVERY_MS = 2 * 60_000;
/** Whoever ticked on a text just before it changed ticked on what Sluice wrote. */
const MOST_TEXTS = 6;

/** In place of a number: GitHub takes no issue there. */
const NO_ISSUE = 0;

/** What became of the text, and when it is to be made again although nothing happens. */
export interface Written {
  result: 'written' | 'opened' | 'unchanged' | 'closed' | 'refused' | 'ticked';
  againAtMs: number | null;
}

export interface WriteContext {
  dashboard: Dashboard;
  log: Log;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Why the text is made. */
export interface WriteReason {
  /** The issue is read, whatever is known of it. */
  isCheck?: boolean;
  /** Boxes that have been dealt with: they are no longer ticked then. */
  answered?: readonly string[];
}

/**
 * Makes the text of what a look found and writes it where it says something else than what stands there. What was written
 * last is known to all processes, so that nothing is asked where nothing changed, but for what is held.
 */
export async function writeDashboard(
  context: WriteContext,
  host: Host,
  seen: SeenView,
  { isCheck = false, answered }: WriteReason,
): Promise<Written> {
  const { dashboard, now } = context;
  const before = await dashboard.store.read(host.fullName);
  const holds = seen.shown.state === 'off' ? [] : await holdsNow(host, now());
  const past = await pastOf(context, host.fullName);
  const text = dashboard.render({ view: seen.shown, holds, past });
  const digest = digestOf(text);
  const againAtMs = 'unknown' in holds ? null : nextExpiryMs(holds);
  if (before?.texts[0] === digest && !isCheck && !answered) {
    await dashboard.store.save(host.fullName, { ...before, view: seen.view });
    return { result: 'unchanged', againAtMs };
  }
  const texts = [digest, ...(before?.texts ?? []).filter((each) => each !== digest)].slice(0, MOST_TEXTS);
  const next = { view: seen.view, texts, atMs: now() };
  const issue = await findDashboard(host, before?.issue || null);
  if (issue) return rewrite(context, host, issue, text, next, againAtMs, answered);
  // Only where there is something to show.
  if (seen.shown.state !== 'pipeline') return { result: 'refused', againAtMs: null };
  return { result: await open(context, host, text, next), againAtMs };
}

async function open(
  { dashboard, log }: WriteContext,
  host: Host,
  text: string,
  next: Omit<WrittenDashboard, 'issue'>,
): Promise<'opened' | 'refused'> {
  const opened = await openDashboard(host, text);
  if ('refused' in opened) {
    log.warn({ repository: host.fullName, reason: opened.refused }, 'GitHub takes no dashboard here');
    // Not with each look anew: with the next change, and by sweeps.
    await dashboard.store.save(host.fullName, { ...next, issue: NO_ISSUE, texts: [] });
    return 'refused';
  }
  await dashboard.store.save(host.fullName, { ...next, issue: opened.number });
  // Three are pinned already, perhaps: it is found by its label then.
  await host.pinIssue(opened.nodeId);
  return 'opened';
}

async function rewrite(
  { dashboard, now }: WriteContext,
  host: Host,
  issue: Issue,
  text: string,
  next: Omit<WrittenDashboard, 'issue'>,
  againAtMs: number | null,
  answered?: readonly string[],
): Promise<Written> {
  const { number, body } = issue;
  // A person closed it: it is left alone until somebody opens it again.
  if (!issue.isOpen) {
    await dashboard.store.save(host.fullName, { ...next, issue: number, texts: [] });
    return { result: 'closed', againAtMs: null };
  }
  const ticked = listTicked(body).filter((id) => !answered?.includes(id));
  const untilMs = Date.parse(issue.updatedAt) + LONGEST_DELIVERY_MS;
  const isToCome = ticked.length > 0 && (answered !== undefined || now() < untilMs);
  if (isToCome && !answered) return { result: 'ticked', againAtMs: untilMs };
  if (ticked.length > 0 && !isToCome) await sayLost(host, issue, ticked);
  // Two people may tick at once: what the other one ticked stays for the job of that.
  const wanted = isToCome ? tick(text, ticked) : text;
  const isSame = asEnded(body) === asEnded(wanted);
  if (!isSame) await host.updateIssue(number, { body: wanted });
  await dashboard.store.save(host.fullName, { ...next, issue: number });
  const lookMs = isToCome ? now() + LONGEST_DELIVERY_MS : null;
  const againMs = [againAtMs, lookMs].filter((atMs) => atMs !== null);
  return {
    result: isSame ? 'unchanged' : 'written',
    againAtMs: againMs.length > 0 ? Math.min(...againMs) : null,
  };
}

/** Ticks and all, but for the ends of lines that a browser may have changed. */
function asEnded(text: string): string {
  return `${asWritten(text)} ${listTicked(text).join(' ')}`;
}

/** Nobody knows who ticked it, so nothing is done. Said once for each edit. */
async function sayLost(host: Host, { number, updatedAt }: Issue, lost: readonly string[]): Promise<void> {
  const digest = createHash('sha256')
    .update(`${updatedAt} ${lost.join(' ')}`)
    .digest('hex')
    .slice(0, 16);
  const which = lost.length === 1 ? 'A box was ticked' : `${lost.length} boxes were ticked`;
  await noteOnce(host, number, {
    mark: `<!-- sluice:unheard=${digest} -->`,
    text: `${which} here, and Sluice cannot tell by whom, or what they saw: GitHub did not say so, or the text was edited. Nothing was done for it. Please tick again.`,
  });
}

/** What is in force; GitHub not answering is no reason to write that nobody knows. */
export async function holdsNow(host: RepositoryReader, nowMs: number): Promise<DashboardInput['holds']> {
  const holds = await readHolds(host);
  if (!holds.known && holds.isPassing) throw new Error(holds.reason);
  return holds.known ? holds.value.filter((hold) => isInForce(hold, nowMs)) : { unknown: holds.reason };
}

const NOTHING_KNOWN: DashboardPast = { ended: [], arrived: new Map() };

async function pastOf({ dashboard, log }: WriteContext, repository: string): Promise<DashboardPast> {
  try {
    return await dashboard.history.readPast(repository);
  } catch (error) {
    log.warn({ repository, err: error }, 'the history cannot be read; the dashboard shows nothing of it');
    return NOTHING_KNOWN;
  }
}
