import fc from 'fast-check';
import type { OpenStage } from '../stages/stage.ts';
import { type Act, type ActKind, doAct } from './acts.ts';
import { filesOf, PIPELINES } from './pipeline.ts';
import { checkAlways } from './promises.ts';
import type { Fault } from './watched-host.ts';
import { type Fate, makeWorld, ROLES, type World } from './world.ts';

const STEPS = 30;

/** Sweeps after which nothing may be left to do. */
const MOST_SWEEPS = 12;
const MANY = Number.POSITIVE_INFINITY;

/** One step: something happens, its webhooks go somewhere, and Sluice does some of its work. */
interface Step {
  act: Act;
  fate: Fate;
  jobs: number;
  fault: Fault | null;
}

export interface Schedule {
  pipeline: number;
  isSlow: boolean;
  steps: Step[];
}

/** How often each thing happens. */
const WEIGHTS: Record<ActKind, number> = {
  ...{ nothing: 1, release: 14, setByHand: 3, tune: 5, pushToBranch: 3, updateBranch: 3, merge: 12 },
  ...{ review: 16, dismiss: 2, status: 12, command: 16, editComment: 1, close: 4, deleteBranch: 2 },
  ...{ wait: 14, sweep: 4, restart: 3, wake: 3 },
};

const number = fc.nat({ max: 999 });

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.oneof(
    { withCrossShrink: true },
    ...Object.entries(WEIGHTS).map(([kind, weight]) => ({ arbitrary: fc.constant(kind as ActKind), weight })),
  ),
  a: number,
  b: number,
  c: number,
});

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant<Fate>('delivered'), weight: 12 },
  ...(['late', 'lost', 'doubled', 'reversed'] as const).map((each) => ({
    arbitrary: fc.constant<Fate>(each),
    weight: 2,
  })),
);

const fault: fc.Arbitrary<Fault | null> = fc.option(
  fc.record({
    kind: fc.constantFrom('dies-before', 'dies-after', 'stalls'),
    at: fc.integer({ min: 1, max: 12 }),
    among: fc.constantFrom('writes', 'calls'),
  }),
  { freq: 7 },
);

const step: fc.Arbitrary<Step> = fc.record({
  act,
  fate,
  jobs: fc.oneof(
    { arbitrary: fc.constant(MANY), weight: 5 },
    { arbitrary: fc.constantFrom(0, 1), weight: 3 },
  ),
  fault,
});

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  pipeline: fc.nat({ max: PIPELINES.length - 1 }),
  isSlow: fc.boolean(),
  steps: fc.array(step, { minLength: STEPS, maxLength: STEPS }),
});

/** Plays a schedule to its end. @throws Error with the story, when a promise of the design is broken on the way. */
export async function play(open: OpenStage, { pipeline: index, isSlow, steps }: Schedule): Promise<void> {
  const pipeline = PIPELINES[index]!;
  const stage = await open({ files: filesOf(pipeline), roles: ROLES, isSlow });
  const world = makeWorld(stage, pipeline);
  try {
    await stage.takeHooks();
    for (const each of steps) {
      await playStep(world, each);
      stopIfBroken(world);
    }
    await settle(world);
    stopIfBroken(world);
  } finally {
    await stage.stop();
  }
}

async function playStep(world: World, { act, fate, jobs, fault }: Step): Promise<void> {
  world.pass(1_000);
  await doAct(world, act);
  await world.note();
  await world.deliver(fate);
  await world.work(jobs, fate, fault);
  await checkAlways(world.scene);
}

/** Nothing happens any more but time and sweeps: all that is due comes, and then nothing is left to do. */
async function settle(world: World): Promise<void> {
  world.story.push('nothing happens any more');
  while (world.isStalled()) await world.wake();
  for (let sweeps = 0; sweeps < MOST_SWEEPS && world.broken.length === 0; sweeps++) {
    world.pass(11 * 60_000);
    world.sweep();
    const before = world.writes();
    await world.work(MANY, 'delivered', null);
    if (world.writes() === before) return mustHaveAnswered(world);
  }
  if (world.broken.length === 0) world.scene.accuse('Sluice goes on writing although nothing happens');
}

/** Whoever gave a command has heard of it. */
async function mustHaveAnswered({ scene }: World): Promise<void> {
  const { reader } = await scene.look();
  for (const { id, body, isBot, isEdited } of await reader.listChangedComments('2000-01-01T00:00:00Z', 1)) {
    if (!isBot && !isEdited && !(await reader.hasAnswered(id)))
      scene.accuse(`nobody answered ${id}: ${body}`);
  }
}

function stopIfBroken({ broken, story, pipeline }: World): void {
  if (broken.length === 0) return;
  throw new Error([broken.join('\n'), `In "${pipeline.name}":`, ...story].join('\n'));
}
