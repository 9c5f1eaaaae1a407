import type { Pull } from '../../src/promotion/ports/pulls.ts';
import type { RepositoryReader, RepositoryWriter } from '../../src/promotion/ports/repository.ts';
import { type Condition, combine, type Due, type Oracle } from './oracle.ts';
import { branchOf, type ModelTarget, ownOf, type Pipeline, pathOf, tagIn, targetsOf } from './pipeline.ts';
import type { Run, Watch } from './watched-host.ts';

/** What only those know who did it: GitHub does not tell, or not without doubt. */
export interface Memories {
  /** What people left in each file of the default branch, without the releases. */
  own: Map<string, string>;
  /** Pull requests that a person closed. */
  closedByPeople: Set<number>;
  /** People's commits on branches of Sluice that are still theirs to lose. */
  pushed: { branch: string; sha: string }[];
  /** Something overlapped: two workers may have said the same. */
  isOverlapped: boolean;
}

export interface Scene {
  pipeline: Pipeline;
  memories: Memories;
  /** Reads GitHub as it is now. */
  look(): Promise<{ reader: RepositoryReader; oracle: Oracle }>;
  /** Notes that a promise of the design is broken. */
  accuse(broken: string): void;
}

export function targetOf(pipeline: Pipeline, branch: string): ModelTarget | null {
  const targets = targetsOf(pipeline);
  return (
    targets.find(({ application, environment }) => branchOf(application, environment.name) === branch) ?? null
  );
}

/** The condition without what it says of this moment. */
export function keyOf(headSha: string, { what }: Condition): string {
  return `${headSha} ${what.split(' ')[0]}`;
}

function tell(conditions: readonly Condition[]): string {
  return conditions.map(({ what, is }) => `${what}: ${is}`).join('; ');
}

type Judge<Method extends keyof RepositoryWriter> = (
  run: Run,
  ...args: Parameters<RepositoryWriter[Method]>
) => Promise<void>;

/** Watches every write of the App: what it merges, reports green, opens, deletes and says. `forget` is called after each. */
export function makeWatch(scene: Scene, forget: () => void): Watch {
  const { pipeline, look, accuse } = scene;
  const mustPass = async (run: Run, deed: string, branch: string, headSha: string) => {
    const target = targetOf(pipeline, branch);
    if (!target) return accuse(`${deed} is of no target`);
    const { reader, oracle } = await look();
    const pull = (await reader.listOpenPulls()).find((each) => each.headSha === headSha);
    // It was planned before others went on: git keeps it from taking anything back, and the next look sees to it.
    if (run.isOverlapped && (!pull || run.made.has(headSha))) return;
    const conditions = await oracle.judge(target, headSha, pull?.number ?? null);
    const best = conditions.map((each) => {
      const seen = run.seen.get(keyOf(headSha, each));
      return each.is === 'no' && seen ? { ...each, is: seen } : each;
    });
    if (combine(best) === 'no') accuse(`${deed}, although: ${tell(best)}`);
  };
  const judges: Partial<{ [Method in keyof RepositoryWriter]: Judge<Method> }> = {
    async reportCheck(run, { name, headSha, externalId, state }) {
      const [kind, branch] = externalId.split(':');
      if (name !== 'sluice/gates' || state !== 'success' || kind !== 'promotion') return;
      await mustPass(run, `${headSha.slice(0, 7)} is reported green`, branch!, headSha);
    },
    async mergePull(run, number, { headSha }) {
      const { reader } = await look();
      const pull = await reader.readPull(number);
      // What GitHub refuses is no deed.
      if (!pull?.isOpen || pull.headSha !== headSha || pull.mergeable === false) return;
      if (run.opened < 2) accuse(`#${number} is merged without another look`);
      await mustPass(run, `#${number} is merged`, pull.branch, headSha);
    },
    // GitHub has no way to open only while nobody decides otherwise: who has stood still cannot know.
    openPull: async (run, { branch }) => (run.isOverlapped ? undefined : mustNotReopen(scene, branch)),
    // Nor one to delete only what is known: who has stood still is kept from it by the lease of its job, which is not here.
    async deleteBranch(run, branch) {
      if (!run.isOverlapped) return mustNotLose(scene, branch);
      const { memories } = scene;
      memories.pushed = memories.pushed.filter((each) => each.branch !== branch);
    },
    comment: (_run, issue, body) => mustSayOnce(scene, issue, body),
  };
  return {
    async before(run, method, args) {
      const judge = judges[method as keyof RepositoryWriter] as Judge<never> | undefined;
      await judge?.(run, ...(args as never));
    },
    async after(run, method, _args, result) {
      forget();
      if (method === 'createCommit') run.made.add((result as { sha: string }).sha);
    },
  };
}

/** What a person closed stays closed until there is a newer release, or somebody asks for it. */
async function mustNotReopen({ pipeline, memories, look, accuse }: Scene, branch: string): Promise<void> {
  const target = targetOf(pipeline, branch);
  if (!target) return accuse(`a pull request from ${branch}, which is of no target`);
  const { reader } = await look();
  const [last] = await reader.listClosedPulls(branch, 1);
  if (!last || last.isMerged || !memories.closedByPeople.has(last.number)) return;
  // Closing it is how to be rid of somebody's commit: `sluice/gates` says so on such a head.
  if (!(await reader.readCommit(last.headSha)).isSluices) return;
  const path = pathOf(target.application, target.environment.name);
  const tagAt = async (ref: string) => tagIn((await reader.readFile(path, ref))?.text ?? null);
  const [before, now] = [await tagAt(last.headSha), await tagAt(branch)];
  const isAsked = (await reader.listChangedComments('2000-01-01T00:00:00Z', 1)).some(
    ({ body, isBot }) => !isBot && body.startsWith('/promote'),
  );
  if (before === now && !isAsked)
    accuse(`#${last.number} with ${now} was closed by a person and is opened again`);
}

/** Two workers may say the same, one over the other. */
async function mustSayOnce({ memories, look, accuse }: Scene, issue: number, body: string): Promise<void> {
  const mark = /<!-- sluice:[^>]*-->/.exec(body)?.[0];
  if (!mark || memories.isOverlapped) return;
  const comments = await (await look()).reader.listComments(issue);
  if (comments.some((each) => each.isSluices && each.body.includes(mark)))
    accuse(`#${issue} is told twice: ${mark}`);
}

async function mustNotLose({ memories, look, accuse }: Scene, branch: string): Promise<void> {
  const { reader } = await look();
  const tip = await reader.readBranch(branch);
  if (!tip) return;
  const [last] = await reader.listClosedPulls(branch, 1);
  if (last?.isMerged && last.headSha === tip) return;
  for (const { branch: theirs, sha } of memories.pushed) {
    if (theirs === branch && (await reader.isAncestor(sha, tip)))
      accuse(`${branch} is deleted with ${sha.slice(0, 7)}, which a person pushed there`);
  }
}

/** What must be so at every moment. */
export async function checkAlways(scene: Scene): Promise<void> {
  const { pipeline, memories, look, accuse } = scene;
  const { reader } = await look();
  for (const [path, own] of memories.own) {
    const text = (await reader.readFile(path, 'main'))?.text ?? null;
    if (text === null || ownOf(text) !== own) accuse(`${path} was changed beside its release:\n${text}`);
  }
  const main = (await reader.readDefaultTip())!.commit;
  const files = (await reader.readTree(main.treeSha)).filter(({ type }) => type === 'blob');
  if (files.length !== memories.own.size) accuse(`there are ${files.length} files on main`);
  const open = (await reader.listOpenPulls()).filter(({ isSluices }) => isSluices);
  for (const { application, environment } of targetsOf(pipeline)) {
    const own = open.filter(({ branch }) => branch === branchOf(application, environment.name));
    if (own.length > 1) accuse(`${own.length} promotions of ${application} to ${environment.name} are open`);
  }
  for (const { number, branch, headSha } of open) await checkHead(scene, reader, number, branch, headSha);
  for (const { branch, sha } of memories.pushed) {
    const tip = await reader.readBranch(branch);
    if (tip && !(await reader.isAncestor(sha, tip)))
      accuse(`${sha.slice(0, 7)}, which a person pushed to ${branch}, is overwritten`);
  }
}

/** What Sluice made changes the release of its target on its base, and no other byte. */
async function checkHead(
  { pipeline, accuse }: Scene,
  reader: RepositoryReader,
  number: number,
  branch: string,
  headSha: string,
): Promise<void> {
  const target = targetOf(pipeline, branch);
  const head = await reader.readCommit(headSha);
  if (!target || !head.isSluices) return;
  const base = await reader.readCommit(head.parents.at(-1)!);
  const [is, was] = [await reader.readTree(head.treeSha), await reader.readTree(base.treeSha)];
  const before = new Map(was.map(({ path, sha }) => [path, sha]));
  const own = pathOf(target.application, target.environment.name);
  for (const { path, sha, type } of is) {
    if (type !== 'blob' || before.get(path) === sha) continue;
    const texts = await Promise.all([sha, before.get(path)].map((each) => each && reader.readText(each)));
    if (path !== own || ownOf(texts[0] ?? '') !== ownOf(texts[1] ?? ''))
      accuse(`#${number} changes ${path} beside the release of its target`);
  }
  if (is.length !== was.length) accuse(`#${number} adds or removes a file`);
}

/** What must be so once Sluice has looked and found nothing to do. */
export async function checkAtRest(scene: Scene): Promise<void> {
  const { reader, oracle } = await scene.look();
  const open = (await reader.listOpenPulls()).filter(({ isSluices }) => isSluices);
  for (const target of targetsOf(scene.pipeline)) {
    const { application, environment } = target;
    if (environment.from.length === 0) continue;
    const due = await oracle.due(target);
    const pull = open.find(({ branch }) => branch === branchOf(application, environment.name));
    if (pull) await checkOpen(scene, target, due, pull);
    else if (due.kind === 'release') await mustBeExplained(scene, target, due.tag);
  }
}

async function checkOpen(
  { look, accuse }: Scene,
  target: ModelTarget,
  due: Due,
  { number, headSha }: Pull,
): Promise<void> {
  const { application, environment } = target;
  const { reader, oracle } = await look();
  const conditions = await oracle.judge(target, headSha, number);
  const is = combine(conditions);
  const where = `#${number} (${application} to ${environment.name})`;
  const file = await reader.readFile(pathOf(application, environment.name), headSha);
  const carried = tagIn(file?.text ?? null);
  if (conditions[0]!.is === 'yes') {
    if (due.kind === 'nothing') accuse(`${where} is open, although nothing is due`);
    if (due.kind === 'release' && due.tag !== carried)
      accuse(`${where} carries ${carried}, and ${due.tag} is due`);
  }
  const { own } = await reader.listCheckRuns(headSha);
  const check = own.find(({ name }) => name === 'sluice/gates');
  const isGreen = check?.conclusion === 'success';
  if (isGreen && is === 'no') accuse(`${where} is green, although: ${tell(conditions)}`);
  if (!isGreen && is === 'yes') accuse(`${where} says "${check?.title}", although: ${tell(conditions)}`);
  if (is === 'yes' && environment.isMergedBySluice) accuse(`${where} is not merged: ${tell(conditions)}`);
}

/** A release that is due and has no pull request: a person decided so, or stands in the way. */
async function mustBeExplained(
  { memories, look, accuse }: Scene,
  { application, environment }: ModelTarget,
  tag: string,
): Promise<void> {
  const { reader } = await look();
  const branch = branchOf(application, environment.name);
  const tip = await reader.readBranch(branch);
  if (tip && !(await reader.readCommit(tip)).isSluices) return;
  const path = pathOf(application, environment.name);
  for (const last of await reader.listClosedPulls(branch, 1)) {
    const carried = tagIn((await reader.readFile(path, last.headSha))?.text ?? null);
    if (carried === tag && (last.isMerged || memories.closedByPeople.has(last.number))) return;
  }
  accuse(`${tag} of ${application} is due in ${environment.name}, and no pull request brings it`);
}
