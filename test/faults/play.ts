import type { Act } from '../../src/cli/demo/story.ts';
import type { World } from '../../src/cli/demo/world.ts';
import type { Repository } from '../../src/sandbox/state.ts';
import { type DescribedState, describeState } from './describe-state.ts';
import type { AppCall, Front } from './front.ts';
import type { Kept } from './keep-sandbox.ts';

/** A local GitHub with the app, that can go back to what it was. */
export interface Scene {
  world: World;
  /** Through it the app alone reaches the local GitHub. */
  front: Front;
  /** Copies the local GitHub, which is at rest. */
  keep(): Promise<Kept>;
  /** Goes back to what it was, with nothing in the queue and without an app. */
  restore(kept: Kept): Promise<void>;
  repository(fullName: string): Repository;
  close(): Promise<void>;
}

/** Something that happens on a local GitHub, act by act; the first one starts the app. */
export interface Story {
  seed(world: World): Promise<unknown>;
  acts: readonly Act[];
  /** What is not as it should be at the end. */
  verify?: (stage: Parameters<Act>[0]) => Promise<string[]>;
}

/** One act as it goes when nothing fails. */
export interface Played {
  act: Act;
  /** How everything was before it. */
  before: Kept;
  /** What Sluice asked GitHub for during it. */
  calls: AppCall[];
  after: DescribedState;
}

const GITOPS = 'acme/gitops';

export const gitopsOf = (scene: Scene) => scene.repository(GITOPS);

const startIt: Act = async ({ world }) => {
  await world.startApp();
};

/** Plays a story in which nothing fails. Each act begins with an app that has just started, as after a crash. */
export async function playThrough(scene: Scene, { seed, acts, verify }: Story): Promise<Played[]> {
  await seed(scene.world);
  const played: Played[] = [];
  const problems: string[] = [];
  for (const act of [startIt, ...acts]) {
    const before = await scene.keep();
    await begin(scene, act, before);
    scene.front.begin();
    problems.push(...(await play(scene, act)));
    const calls = [...scene.front.calls];
    await scene.world.stopApp();
    played.push({ act, before, calls, after: await describeState(gitopsOf(scene)) });
  }
  problems.push(...((await verify?.({ world: scene.world, say: () => {}, gitops: gitopsOf(scene) })) ?? []));
  if (problems.length > 0) throw new Error(`the story fails by itself: ${problems.join('; ')}`);
  return played;
}

/** Goes back to before an act, with the app at rest, unless it is the act that starts it. */
export async function begin(scene: Scene, act: Act, before: Kept): Promise<void> {
  await scene.restore(before);
  scene.front.begin();
  if (act === startIt) return;
  await scene.world.startApp();
  await scene.world.settle();
}

/** Plays one act; says what went wrong in it. */
export async function play(scene: Scene, act: Act, world = scene.world): Promise<string[]> {
  const problems: string[] = [];
  await act({ world, say: () => {}, gitops: gitopsOf(scene) }, (isSo, problem) => {
    if (!isSo) problems.push(problem);
  }).catch((error: unknown) => problems.push(String(error)));
  await world.settle();
  return problems;
}

/** A call without what differs from one to the next. */
export function kindOf({ method, path }: Pick<AppCall, 'method' | 'path'>): string {
  const [bare = '', query = ''] = path.split('?');
  const parts = bare.split('/').map((part, index, all) => {
    if (/^[0-9a-f]{40}$/.test(part)) return ':sha';
    if (/^\d+$/.test(part)) return ':number';
    return all[index - 1] === 'tags' || /%2F|^sluice/.test(part) ? ':ref' : part;
  });
  const named = /(?:^|&)(state|check_name)=[^&]*/.exec(query)?.[0] ?? '';
  return `${method} ${parts.join('/')} ${named}`.trim();
}
