import type { ListedComment } from '../../src/promotion/ports/pulls.ts';
import type { RepositoryReader } from '../../src/promotion/ports/repository.ts';
import { CONTEXT, isOlder, type ModelGate, type ModelTarget, pathOf, tagIn } from './pipeline.ts';

/** Whether a condition holds. `maybe` where the design leaves it open, or the oracle does not know. */
export type Is = 'yes' | 'no' | 'maybe';

export interface Condition {
  what: string;
  is: Is;
}

/** What an environment is due of an application. */
export type Due =
  | { kind: 'release'; tag: string }
  /** It holds what its sources hold. */
  | { kind: 'nothing' }
  /** Its sources hold something older, or not the same. */
  | { kind: 'blocked' };

/**
 * What is true on GitHub, found without any of what plans and judges: from the files, the record of the branch, the
 * reviews, statuses, comments and holds as they are.
 */
export interface Oracle {
  tag(application: string, environment: string): Promise<string | null>;
  due(target: ModelTarget): Promise<Due>;
  /** Whether everything is so that a head may be merged for a target; `number` is its pull request, if there is one. */
  judge(target: ModelTarget, headSha: string, number: number | null): Promise<Condition[]>;
}

/** People by what they can be: `writers` may approve and ask, `admins` may override. */
export interface Crowd {
  writers: readonly string[];
  admins: readonly string[];
}

export function combine(conditions: readonly Condition[]): Is {
  if (conditions.some(({ is }) => is === 'no')) return 'no';
  return conditions.every(({ is }) => is === 'yes') ? 'yes' : 'maybe';
}

export function makeOracle(reader: RepositoryReader, crowd: Crowd, nowMs: number): Oracle {
  const tagAt = async (sha: string, application: string, environment: string) =>
    tagIn((await reader.readFile(pathOf(application, environment), sha))?.text ?? null);
  const tip = async () => (await reader.readDefaultTip())!.commit.sha;
  const tag = async (application: string, environment: string) =>
    tagAt(await tip(), application, environment);
  const due = async ({ application, environment: { name, from } }: ModelTarget): Promise<Due> => {
    const held = await tag(application, name);
    const offered = await Promise.all(from.map((source) => tag(application, source)));
    const [release] = offered;
    if (!release || !held || offered.some((each) => each !== release)) return { kind: 'blocked' };
    if (release === held) return { kind: 'nothing' };
    return isOlder(release, held) ? { kind: 'blocked' } : { kind: 'release', tag: release };
  };
  const judge = async (target: ModelTarget, headSha: string, number: number | null) => {
    const { application, environment } = target;
    const carried = await tagAt(headSha, application, environment.name);
    const wanted = await due(target);
    const isDue = wanted.kind === 'release' && wanted.tag === carried;
    const scene: Scene = { reader, target, headSha, number, carried, crowd, nowMs, tip: await tip() };
    const gates = await Promise.all(
      environment.gates.map(async (gate) => withOverride(scene, await judgeGate(scene, gate), gate.kind)),
    );
    return [
      { what: 'head', is: await judgeHead(reader, headSha) },
      { what: `release ${carried}, due is ${JSON.stringify(wanted)}`, is: isDue ? 'yes' : 'no' },
      await withOverride(scene, await judgeHold(scene), 'hold'),
      ...gates,
    ] as Condition[];
  };
  return { tag, due, judge };
}

/** Where a gate is judged. */
interface Scene {
  reader: RepositoryReader;
  target: ModelTarget;
  headSha: string;
  number: number | null;
  carried: string | null;
  crowd: Crowd;
  nowMs: number;
  tip: string;
}

async function judgeHead(reader: RepositoryReader, headSha: string): Promise<Is> {
  const head = await reader.readCommit(headSha);
  if (head.isSluices) return 'yes';
  return head.parents.length === 2 && head.committerLogin === 'web-flow' ? 'maybe' : 'no';
}

/** A person's word may have let a gate pass, if it was for this head. */
async function withOverride(scene: Scene, condition: Condition, gate: string): Promise<Condition> {
  if (condition.is !== 'no' || scene.number === null) return condition;
  const sinceMs = Date.parse((await scene.reader.readCommit(scene.headSha)).committedAt);
  const said = (await scene.reader.listComments(scene.number)).some(
    ({ body, author, createdAt }) =>
      body.startsWith(`/override ${gate} `) &&
      scene.crowd.admins.includes(author) &&
      Date.parse(createdAt) >= sinceMs,
  );
  return said ? { ...condition, is: 'maybe' } : condition;
}

async function judgeHold({ reader, target, nowMs }: Scene): Promise<Condition> {
  const text = (await reader.readFile('holds.json', 'sluice-state'))?.text;
  const { holds } = JSON.parse(text ?? '{"holds":[]}') as { holds: Hold[] };
  const isHeld = holds.some(
    ({ application, environment, until }) =>
      (application ?? target.application) === target.application &&
      (environment ?? target.environment.name) === target.environment.name &&
      (until === null || Date.parse(until) > nowMs),
  );
  return { what: 'hold', is: isHeld ? 'no' : 'yes' };
}

interface Hold {
  application: string | null;
  environment: string | null;
  until: string | null;
}

async function judgeGate(scene: Scene, gate: ModelGate): Promise<Condition> {
  switch (gate.kind) {
    case 'checks':
      return { what: `checks on ${gate.on}`, is: await judgeChecks(scene, gate.on) };
    case 'soak':
      return { what: 'soak', is: await judgeSoak(scene, gate.forMs) };
    case 'approvals':
      return { what: 'approvals', is: await judgeApprovals(scene, gate.count) };
    case 'manual':
      return { what: 'manual', is: await judgeManual(scene) };
  }
}

async function judgeChecks(scene: Scene, on: 'promotion' | 'source'): Promise<Is> {
  const { reader, target, headSha } = scene;
  if (on === 'promotion') return (await isSuccess(reader, headSha)) ? 'yes' : 'no';
  const origins = await Promise.all(target.environment.from.map((source) => bringersOf(scene, source)));
  const green = await Promise.all(
    origins.map((commits) => Promise.all(commits.map((sha) => isSuccess(reader, sha)))),
  );
  if (green.some((each) => !each.includes(true))) return 'no';
  return green.every((each) => each.every(Boolean)) ? 'yes' : 'maybe';
}

async function isSuccess(reader: RepositoryReader, sha: string): Promise<boolean> {
  const statuses = await reader.listStatuses(sha);
  return statuses.some(({ name, conclusion }) => name === CONTEXT && conclusion === 'success');
}

/** Commits of the default branch that made a source hold what is carried, whenever that was; the newest first. */
async function bringersOf({ reader, target, carried, tip }: Scene, source: string): Promise<string[]> {
  const path = pathOf(target.application, source);
  const commits: string[] = [];
  for (const sha of await reader.listCommits(tip, path, 100)) {
    const { parents } = await reader.readCommit(sha);
    const [is, was] = await Promise.all(
      [sha, parents[0]].map(async (each) =>
        each ? tagIn((await reader.readFile(path, each))?.text ?? null) : null,
      ),
    );
    if (is === carried && was !== carried) commits.push(sha);
  }
  return commits;
}

/** When each source began to hold what it holds, by the record of the default branch. */
async function judgeSoak({ reader, target, nowMs }: Scene, forMs: number): Promise<Is> {
  const moves = await reader.listMoves('main', 0);
  const oldest = moves.at(-1);
  if (!oldest) return 'yes';
  for (const source of target.environment.from) {
    const path = pathOf(target.application, source);
    const tags = await Promise.all(
      [...moves.map(({ after }) => after), oldest.before].map(async (sha) =>
        tagIn((await reader.readFile(path, sha))?.text ?? null),
      ),
    );
    const last = tags.findIndex((tag) => tag !== tags[0]);
    const arrival = moves[last - 1];
    if (arrival && arrival.atMs + forMs > nowMs) return 'no';
  }
  return 'yes';
}

async function judgeApprovals(scene: Scene, count: number): Promise<Is> {
  const { reader, number, headSha, crowd } = scene;
  if (number === null) return 'no';
  const reviews = await reader.listReviews(number);
  const latest = new Map(reviews.map((review) => [review.reviewer, review]));
  const states = [...latest.values()].filter(({ reviewer }) => crowd.writers.includes(reviewer));
  const setters = await settersOf(scene);
  const askers = await askersOf(scene);
  const pusher = await reader.readPusher(branchNameOf(scene), headSha);
  const approving = states.filter(({ state, sha }) => state === 'approved' && sha === headSha);
  const mayCount = approving.filter(
    ({ reviewer }) => reviewer !== setters.last && !askers.surely.has(reviewer) && reviewer !== pusher,
  );
  // Whoever pushed to the branch since it carries the release does not count either.
  const pushers = (await reader.listPullCommits(number)).map(({ authorLogin }) => authorLogin);
  const doCount = mayCount.filter(
    ({ reviewer }) =>
      !setters.all.has(reviewer) && !askers.maybe.has(reviewer) && !pushers.includes(reviewer),
  );
  if (mayCount.length < count) return 'no';
  const objecting = states.filter(({ state }) => state === 'changes-requested');
  if (objecting.some(({ reviewer }) => !setters.all.has(reviewer) && !askers.maybe.has(reviewer)))
    return 'no';
  return doCount.length >= count && objecting.length === 0 ? 'yes' : 'maybe';
}

function branchNameOf({ target }: Scene): string {
  return `sluice/${target.application}/${target.environment.name}`;
}

/**
 * People who pushed to the default branch what the application holds anywhere, and the one of whom it is sure that
 * the release is theirs: who last brought it, by a push, to the source.
 */
async function settersOf(scene: Scene): Promise<{ all: Set<string>; last: string | null }> {
  const { reader, target, tip } = scene;
  const all = new Set<string>();
  for (const sha of await reader.listCommits(tip, `apps/${target.application}`, 100)) {
    const { authorLogin } = await reader.readCommit(sha);
    if (authorLogin) all.add(authorLogin);
  }
  const [source] = target.environment.from;
  const [brought] = await bringersOf(scene, source!);
  const last = brought ? (await reader.readCommit(brought)).authorLogin : null;
  return { all, last };
}

/** Who asked for this by `/promote`: surely, on the pull request of this very head, or perhaps, anywhere. */
async function askersOf(scene: Scene): Promise<{ surely: Set<string>; maybe: Set<string> }> {
  const { reader, number, headSha, crowd } = scene;
  const comments = await listComments(reader);
  const asking = comments.filter(
    ({ body, author, isEdited }) =>
      body.startsWith('/promote') && crowd.writers.includes(author) && !isEdited,
  );
  const sinceMs = Date.parse((await reader.readCommit(headSha)).committedAt);
  const surely = asking.filter(
    ({ issue, body, createdAt }) =>
      issue === number && body === '/promote' && Date.parse(createdAt) > sinceMs,
  );
  return {
    surely: new Set(surely.map(({ author }) => author)),
    maybe: new Set(asking.map(({ author }) => author)),
  };
}

async function listComments(reader: RepositoryReader): Promise<ListedComment[]> {
  const all: ListedComment[] = [];
  for (let page = 1; all.length === (page - 1) * 100; page++)
    all.push(...(await reader.listChangedComments('2000-01-01T00:00:00Z', page)));
  return all;
}

/** Somebody asked since the branch carries this release; a head made anew for the same release is still that. */
async function judgeManual(scene: Scene): Promise<Is> {
  const { reader, target, headSha, number, carried } = scene;
  if ((await askersOf(scene)).surely.size > 0) return 'yes';
  const head = await reader.readCommit(headSha);
  if (head.message.includes('Sluice-Requested-By:')) return 'maybe';
  const path = pathOf(target.application, target.environment.name);
  let sinceMs = Number.POSITIVE_INFINITY;
  for (const { after, atMs } of await reader.listMoves(branchNameOf(scene), 0)) {
    const tag = /^0+$/.test(after) ? null : tagIn((await reader.readFile(path, after))?.text ?? null);
    if (tag !== carried) break;
    sinceMs = atMs;
  }
  const said = (await listComments(reader)).some(
    ({ body, author, issue, createdAt, isEdited }) =>
      body.startsWith('/promote') &&
      (issue === number || body.includes(target.application)) &&
      scene.crowd.writers.includes(author) &&
      !isEdited &&
      Date.parse(createdAt) >= sinceMs,
  );
  return said ? 'maybe' : 'no';
}
