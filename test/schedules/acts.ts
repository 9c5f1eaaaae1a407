import type { Pull } from '../../src/promotion/ports/pulls.ts';
import {
  CONTEXT,
  type ModelTarget,
  ownOf,
  pathOf,
  tagIn,
  tagOf,
  targetsOf,
  withReplicas,
  withTag,
} from './pipeline.ts';
import { PEOPLE, type World } from './world.ts';

/** Something that happens; the numbers choose among what there is at that moment. */
export interface Act {
  kind: ActKind;
  a: number;
  b: number;
  c: number;
}

export type ActKind = keyof typeof ACTS;

type Do = (world: World, act: Act) => Promise<string | null>;

const pick = <Item>(items: readonly Item[], number: number): Item | undefined =>
  items.length === 0 ? undefined : items[number % items.length];
const who = (number: number) => pick(PEOPLE, number)!;

async function openPulls({ scene }: World): Promise<Pull[]> {
  const { reader } = await scene.look();
  return (await reader.listOpenPulls()).filter(({ isSluices }) => isSluices).toReversed();
}

async function readMain({ scene }: World, path: string): Promise<string> {
  const { reader } = await scene.look();
  return (await reader.readFile(path, 'main'))!.text!;
}

/** Commits to the default branch as a person, who knows what belongs there. */
async function pushToMain(world: World, login: string, path: string, text: string): Promise<string | null> {
  if ((await readMain(world, path)) === text) return null;
  world.memories.own.set(path, ownOf(text));
  await world.stage.people.push(login, 'main', { [path]: text }, `Change ${path}`);
  return `${login} changes ${path} on main: ${tagIn(text)}`;
}

/** Every release that there has been. */
async function newest(world: World): Promise<number> {
  const { applications, environments } = world.pipeline;
  const texts = applications.flatMap((each) =>
    environments.map(({ name }) => readMain(world, pathOf(each, name))),
  );
  const tags = (await Promise.all(texts)).map((text) => Number(tagIn(text)!.split('.')[2]));
  return Math.max(...tags, world.released);
}

/** All that people do, and what happens to them. Each tells what was done; null when it could not be. */
const ACTS = {
  /** The standing still that a schedule shrinks to. */
  nothing: async () => null,

  async release(world, { a, b }) {
    const application = pick(world.pipeline.applications, a)!;
    const path = pathOf(application, world.pipeline.environments[0]!.name);
    world.released = (await newest(world)) + 1;
    const text = withTag(await readMain(world, path), tagOf(world.released));
    return pushToMain(world, pick(['bea', 'dan'], b)!, path, text);
  },

  /** Back to an older release, or by hand to one that came another way. */
  async setByHand(world, { a, b, c }) {
    const { application, environment } = pick(targetsOf(world.pipeline), a)!;
    const path = pathOf(application, environment.name);
    const tag = tagOf(c % (world.released + 1));
    return pushToMain(
      world,
      pick(['bea', 'cal', 'dan'], b)!,
      path,
      withTag(await readMain(world, path), tag),
    );
  },

  async tune(world, { a, b, c }) {
    const { application, environment } = pick(targetsOf(world.pipeline), a)!;
    const path = pathOf(application, environment.name);
    const text = await readMain(world, path);
    const tuned = c % 3 === 0 ? withOwner(text, c) : withReplicas(text, 1 + (c % 7));
    return pushToMain(world, pick(['bea', 'cal', 'dan'], b)!, path, tuned);
  },

  async pushToBranch(world, { a, b, c }) {
    const pull = pick(await openPulls(world), a);
    const target = pull && targetHere(world, pull);
    if (!pull || !target) return null;
    const { reader } = await world.scene.look();
    const path = pathOf(target.application, target.environment.name);
    const text = (await reader.readFile(path, pull.headSha))!.text!;
    const changed = c % 2 === 0 ? withReplicas(text, 11 + (c % 50)) : withTag(text, tagOf(c % 5));
    const login = pick(['bea', 'cal', 'dan'], b)!;
    const sha = await world.stage.people.push(login, pull.branch, { [path]: changed }, 'By hand');
    if (sha) world.memories.pushed.push({ branch: pull.branch, sha });
    return `${login} pushes ${sha?.slice(0, 7)} to ${pull.branch} (#${pull.number})`;
  },

  async updateBranch(world, { a, b }) {
    const pull = pick(await openPulls(world), a);
    const login = pick(['bea', 'cal', 'dan'], b)!;
    if (!pull || !(await world.stage.people.updateBranch(login, pull.number))) return null;
    return `${login} updates the branch of #${pull.number}`;
  },

  /** People merge what is green, whether it ought to be or not. */
  async merge(world, { a, b, c }) {
    const { reader } = await world.scene.look();
    const green: Pull[] = [];
    for (const pull of await openPulls(world)) {
      const { own } = await reader.listCheckRuns(pull.headSha);
      const check = own.find(({ name }) => name === 'sluice/gates');
      if (check?.conclusion === 'success') green.push(pull);
    }
    const pull = pick(green, a);
    if (!pull) return null;
    const login = pick(['bea', 'cal', 'dan', 'ann'], b)!;
    const method = c % 4 === 0 ? 'merge' : 'squash';
    const isMerged = await world.stage.people.merge(login, pull.number, method);
    if (isMerged) letGo(world, pull.branch);
    return `${login} ${isMerged ? 'merges' : 'cannot merge'} #${pull.number} (${method})`;
  },

  async review(world, { a, b, c }) {
    const pull = pick(await openPulls(world), a);
    if (!pull) return null;
    const verdict = c % 5 === 0 ? 'request-changes' : 'approve';
    await world.stage.people.review(who(b), pull.number, verdict);
    return `${who(b)} reviews #${pull.number} at ${pull.headSha.slice(0, 7)}: ${verdict}`;
  },

  async dismiss(world, { a, b }) {
    const pull = pick(await openPulls(world), a);
    if (!pull || !(await world.stage.people.dismiss('ann', pull.number, who(b)))) return null;
    return `ann dismisses the review of ${who(b)} on #${pull.number}`;
  },

  async status(world, { a, b, c }) {
    const pulls = await openPulls(world);
    const { reader } = await world.scene.look();
    const shas = [...pulls.map(({ headSha }) => headSha), (await reader.readDefaultTip())!.commit.sha];
    const sha = pick(shas, a)!;
    const state = c % 5 === 0 ? 'failure' : c % 7 === 0 ? 'pending' : 'success';
    await world.stage.people.status(pick(['bea', 'cal', 'dan'], b)!, sha, CONTEXT, state);
    return `${CONTEXT} on ${sha.slice(0, 7)}: ${state}`;
  },

  async command(world, { a, b, c }) {
    const { application, environment } = pick(targetsOf(world.pipeline), c)!;
    const bodies = [
      ...['/promote', `/promote ${application} to ${environment.name}`, `/promote ${application}`],
      ...['/hold it smells', `/hold ${application} ${environment.name} it smells`],
      ...['/resume', `/resume ${application} ${environment.name}`],
      ...[`/hold ${environment.name} until 10m a sale`, `/resume ${environment.name}`],
      ...['/override soak it burns', '/override approvals it burns', '/override hold it burns', '/why'],
    ];
    const body = pick(bodies, a)!;
    const pull = pick(await openPulls(world), c + b);
    const issue = pull?.number ?? (await world.stage.people.openIssue(who(b)));
    world.said = { id: await world.stage.people.comment(who(b), issue, body), by: who(b) };
    return `${who(b)} says on #${issue}: ${body}`;
  },

  async editComment(world) {
    const { said } = world;
    if (!said) return null;
    world.said = null;
    await world.stage.people.editComment(said.by, said.id, '/promote');
    return `${said.by} edits the comment ${said.id}`;
  },

  async close(world, { a, b, c }) {
    const pull = pick(await openPulls(world), a);
    const login = pick(['bea', 'cal', 'dan'], b)!;
    if (!pull || !(await world.stage.people.close(login, pull.number))) return null;
    world.memories.closedByPeople.add(pull.number);
    const isTidy = c % 2 === 0;
    if (isTidy) await removeBranch(world, login, pull.branch);
    return `${login} closes #${pull.number}${isTidy ? ' and deletes its branch' : ''}`;
  },

  async deleteBranch(world, { a, b }) {
    const { reader } = await world.scene.look();
    const found: string[] = [];
    for (const { application, environment } of targetsOf(world.pipeline)) {
      const branch = `sluice/${application}/${environment.name}`;
      if (await reader.readBranch(branch)) found.push(branch);
    }
    const branch = pick(found, a);
    if (!branch) return null;
    for (const pull of await openPulls(world))
      if (pull.branch === branch) world.memories.closedByPeople.add(pull.number);
    const login = pick(['bea', 'cal', 'dan'], b)!;
    await removeBranch(world, login, branch);
    return `${login} deletes ${branch}`;
  },

  async wait(world, { a }) {
    const durationMs = pick([2_000, 5_000, 60_000, 10 * 60_000, 11 * 60_000], a)!;
    world.pass(durationMs);
    return `${durationMs / 1000} s pass`;
  },

  async sweep(world) {
    world.sweep();
    return 'a sweep';
  },

  async restart(world) {
    world.restart();
    return 'Sluice starts anew';
  },

  async wake(world) {
    if (!world.isStalled()) return null;
    await world.wake();
    return 'the worker that stalled went on';
  },
} satisfies Record<string, Do>;

function targetHere({ pipeline }: World, { branch }: Pull): ModelTarget | undefined {
  return targetsOf(pipeline).find(
    ({ application, environment }) => branch === `sluice/${application}/${environment.name}`,
  );
}

function withOwner(text: string, number: number): string {
  return text.replace(/owner: '.*'/, `owner: 'team ${number % 10}'`);
}

function letGo({ memories }: World, branch: string): void {
  memories.pushed = memories.pushed.filter((each) => each.branch !== branch);
}

async function removeBranch(world: World, login: string, branch: string): Promise<void> {
  if (await world.stage.people.deleteBranch(login, branch)) letGo(world, branch);
}

/** Does it, and tells the story. */
export async function doAct(world: World, act: Act): Promise<void> {
  const told = await ACTS[act.kind](world, act);
  world.forget();
  if (told !== null) world.story.push(told);
}
