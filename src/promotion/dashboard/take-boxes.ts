import { targetKey } from '../../domain/target.ts';
import { noteOnce } from '../apply/note-once.ts';
import {
  type Authoriser,
  makeAuthoriser,
  type Asked as Permission,
  refuseRole,
} from '../commands/authorise.ts';
import { holdTarget, resumeTarget } from '../commands/hold-target.ts';
import { code } from '../markdown.ts';
import type { Observation } from '../observe/observe.ts';
import type { PromotionRequest } from '../occasion.ts';
import type { Asked, Box } from '../ports/dashboard.ts';
import type { Issue } from '../ports/issues.ts';
import type { TickJob } from '../ports/jobs.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';

type Host = RepositoryReader & RepositoryWriter;

/** Who ticked, what the person saw, and when. */
export type Tick = Pick<TickJob, 'sender' | 'shown' | 'saidAtMs'> & { issue: Issue };

export interface TakenBoxes {
  /** Words for whoever ticked, for what came to nothing. */
  refused: string[];
  /** For the look that follows. */
  requests: Map<string, PromotionRequest>;
  /** Builds are to be looked up anew. */
  isRefresh: boolean;
}

interface Scene {
  host: Host;
  tick: Tick;
  nowMs: number;
  /** Null while the config cannot be used. */
  here: { snapshot: Snapshot; authoriser: Authoriser } | null;
}

/** Does what the commands of the same names do, for whoever may use those. `ticked`: ids, of which some may not be offered. */
export async function takeBoxes(
  host: Host,
  observation: Observation,
  tick: Tick,
  ticked: readonly string[],
  offered: readonly Box[],
  nowMs: number,
): Promise<TakenBoxes> {
  const taken: TakenBoxes = { refused: [], requests: new Map(), isRefresh: false };
  const snapshot = observation.kind === 'snapshot' ? observation.snapshot : null;
  const here = snapshot && { snapshot, authoriser: makeAuthoriser(host, snapshot, tick.sender) };
  const boxes = ticked.flatMap((id) => offered.find((box) => box.id === id) ?? []);
  if (boxes.length < ticked.length) taken.refused.push(describeOld(tick.sender));
  for (const box of boxes) {
    const scene = { host, tick, nowMs, here };
    const answer = (await refuse(scene, box.asked)) ?? (await take(scene, box, taken));
    if (answer !== null && !taken.refused.includes(answer)) taken.refused.push(answer);
  }
  return taken;
}

function describeOld(sender: string): string {
  return `What ${code(sender)} ticked is not there any more as it was shown: please look again at what there is now.`;
}

/** Why the person may not tick a box; null when it is allowed. */
async function refuse({ host, tick, here }: Scene, asked: Asked): Promise<string | null> {
  const shown = describe(asked);
  if (here)
    return here.authoriser.refuse({ name: PERMISSIONS[asked.kind], shown }, placesOf(here.snapshot, asked));
  // To look anew does no harm, and nothing else is offered then.
  return asked.kind === 'refresh' ? refuseRole(host, tick.sender, shown, 'write') : describeOld(tick.sender);
}

const PERMISSIONS: Record<Asked['kind'], Permission['name']> = {
  promote: 'promote',
  freeze: 'freeze',
  resume: 'hold',
  refresh: 'retry',
};

function placesOf({ candidates }: Snapshot, asked: Asked): Candidate[] {
  switch (asked.kind) {
    case 'promote':
      return candidates.filter(
        ({ application, environment }) => application === asked.application && environment.name === asked.to,
      );
    case 'freeze':
    case 'resume':
      return candidates.filter(({ environment }) => environment.name === asked.environment);
    case 'refresh':
      return [];
  }
}

/** Why it came to nothing all the same; null when it is done. */
async function take(
  { host, tick, nowMs, here }: Scene,
  { id, asked }: Box,
  taken: TakenBoxes,
): Promise<string | null> {
  const { issue, sender, shown, saidAtMs } = tick;
  switch (asked.kind) {
    case 'refresh':
      taken.isRefresh = true;
      return null;
    case 'promote': {
      const { application, to, fingerprint, pull } = asked;
      if (pull === null)
        taken.requests.set(targetKey({ application, environment: to }), { requester: sender, fingerprint });
      else await notePromote(host, pull, id, sender, issue.url);
      return null;
    }
    case 'freeze':
    case 'resume': {
      const target = { application: null, environment: asked.environment };
      // Each tick is a word of its own, and the same one when it is taken again after a crash.
      const order = { actor: sender, url: `${issue.url}#tick-${shown.slice(0, 12)}`, target, saidAtMs };
      const { isTaken, answer } =
        asked.kind === 'freeze'
          ? await holdTarget(host, { ...order, reason: FREEZE, untilMs: null }, nowMs)
          : await resumeTarget(host, { ...order, mayEndAll: await mayFreeze(here, asked) }, nowMs);
      return isTaken ? null : answer;
    }
  }
}

const FREEZE = 'ticked Freeze on the dashboard';

/** Others' holds on a whole environment are for those who may freeze it. */
async function mayFreeze(here: Scene['here'], asked: Asked): Promise<boolean> {
  if (!here) return false;
  const freeze = { name: 'freeze', shown: '' } as const;
  return (await here.authoriser.refuse(freeze, placesOf(here.snapshot, asked))) === null;
}

/** Where the gates of an open promotion find it, as `readRequests` reads it. */
async function notePromote(host: Host, pull: number, box: string, login: string, url: string): Promise<void> {
  const by = login.replace(/[^\w-]/g, '');
  await noteOnce(host, pull, {
    mark: `<!-- sluice:request box=${box} by=${by} -->`,
    text: `\`${by}\` asked for this promotion by a check box of the dashboard: ${url}`,
  });
}

/** A box as it stands on the dashboard, for whoever may not tick it. */
function describe(asked: Asked): string {
  switch (asked.kind) {
    case 'promote':
      return `The box to promote ${code(asked.application)} to ${code(asked.to)}`;
    case 'freeze':
      return `The box to freeze ${code(asked.environment)}`;
    case 'resume':
      return `The box to let ${code(asked.environment)} go on`;
    case 'refresh':
      return 'The box to look at everything anew';
  }
}
