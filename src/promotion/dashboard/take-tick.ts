import { createHash } from 'node:crypto';
import { noteOnce } from '../apply/note-once.ts';
import { capBody, code } from '../markdown.ts';
import { type Observation, observe } from '../observe/observe.ts';
import { nothingTold } from '../occasion.ts';
import { plan } from '../plan/plan.ts';
import type { Issue } from '../ports/issues.ts';
import type { LookMark, TickJob } from '../ports/jobs.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { type Dependencies, type Outcome, reconcile } from '../reconcile.ts';
import { listBoxes, listTicked } from './boxes.ts';
import { type Dashboard, rememberView } from './dashboard.ts';
import { isDashboard } from './dashboard-issue.ts';
import { seeDashboard } from './see-dashboard.ts';
import { takeBoxes } from './take-boxes.ts';
import { holdsNow, type Written, writeDashboard } from './write-dashboard.ts';

type Host = RepositoryReader & RepositoryWriter;

/** No login of a person looks like this. */
const BOT = /\[bot\]$/i;

/**
 * Does what ticked boxes ask for, as the commands of the same names would. The delivery tells who made the edit, and
 * nothing else of it is believed: the issue is read anew, a box counts while it is ticked there, when the text that the
 * person saw is one that Sluice wrote, and when what it stands for is there still. Null when none counts.
 */
export async function takeTick(
  dependencies: Dependencies & { dashboard: Dashboard },
  job: TickJob,
): Promise<{ outcome: Outcome; written: Written; look: LookMark } | null> {
  const { host, log, now, dashboard } = dependencies;
  const { repository, sender, boxes } = job;
  const opened = await host.open(repository);
  const issue = await findIssue(opened, dashboard, job);
  const standing = issue ? listTicked(issue.body) : [];
  const ticked = boxes.filter((id) => standing.includes(id));
  if (!issue || ticked.length === 0) {
    log.info({ repository, actor: sender, boxes }, 'a tick of nothing that stands');
    if (issue) await answer(opened, job, issue, [describeGone(sender)]);
    return null;
  }
  const observation = await look(dependencies, opened);
  const planned =
    observation.kind === 'snapshot'
      ? plan(observation.snapshot, now())
      : { actions: [], promotions: [], notPromoted: [], lookAgainMs: null, lookAt: [] };
  // What targets hold makes no boxes.
  const view = seeDashboard(observation, planned, []);
  const holds = await holdsNow(opened, now());
  const offered = listBoxes(view, 'unknown' in holds ? [] : holds);
  const result = await takeBoxes(opened, observation, { ...job, issue }, ticked, offered, now());
  log.info({ repository, actor: sender, boxes: ticked, refused: result.refused.length }, 'boxes ticked');
  const outcome = await reconcile(dependencies, repository, {
    lookAt: result.isRefresh ? ['*'] : [],
    readTold: nothingTold,
    ended: [],
    requests: result.requests,
  });
  if (result.refused.length > 0) await answer(opened, job, issue, result.refused);
  const seen = rememberView(dashboard, repository, outcome, now());
  const written = await writeDashboard(dependencies, opened, seen, { answered: ticked });
  return { outcome, written, look: seen };
}

async function look(
  { host: { builds }, http, kept, reported, now }: Dependencies,
  host: Host,
): Promise<Observation> {
  const looking = { lookAt: [], readTold: nothingTold, ended: [], requests: new Map() };
  return observe(host, { builds, http, kept }, looking, reported, now());
}

/** The dashboard, when the person saw a text of Sluice's: who edits it may let a box say something else than it stands for. */
async function findIssue(
  host: Host,
  { store }: Dashboard,
  { issue: number, sender, shown }: TickJob,
): Promise<Issue | null> {
  const written = await store.read(host.fullName);
  if (BOT.test(sender) || written?.issue !== number || !written.texts.includes(shown)) return null;
  const issue = await host.readIssue(number);
  return issue?.isSluices && issue.isOpen && isDashboard(issue.body) ? issue : null;
}

/** Sluice may have written the text in the moment in which the person sent theirs, or somebody took the tick back. */
function describeGone(sender: string): string {
  return `What ${code(sender)} ticked was not ticked any more when Sluice came to it, so that it was left alone. Please look whether it is still to be done, and tick again.`;
}

/** Once for each person and text, however often it is ticked there. */
async function answer(
  host: Host,
  { sender, shown, boxes }: TickJob,
  { number }: Issue,
  answers: readonly string[],
): Promise<void> {
  const digest = createHash('sha256')
    .update(`${shown} ${boxes.join(' ')}`)
    .digest('hex')
    .slice(0, 16);
  const mark = `<!-- sluice:answer tick=${digest} by=${sender.replace(/[^\w-]/g, '')} -->`;
  await noteOnce(host, number, { mark, text: capBody(answers.join('\n\n')) });
}
