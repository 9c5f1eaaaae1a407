import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ACTS, ORGANIZATION, PEOPLE, seedStory, verifyStory } from '../../src/cli/demo/story.ts';
import { EFFECTS, type Failure, runFailure } from './failures.ts';
import { kindOf, type Played, playThrough, type Scene } from './play.ts';
import { isAll, isChosen, ofShard, tellProgress } from './selection.ts';
import { openStage } from './stage.ts';

const NAMES = Object.keys(EFFECTS);
/** A read that GitHub answered and that never arrived is one that it did not answer. */
const NAMES_OF_READS = NAMES.filter((name) => !name.endsWith('after it acted'));

let scene: Scene;
beforeAll(async () => {
  scene = await openStage(ORGANIZATION, PEOPLE);
});
afterAll(() => scene?.close());

function chooseFailures(played: readonly Played[]): Failure[] {
  const kinds = new Set<string>();
  let turn = 0;
  return played.flatMap(({ calls }, act) =>
    calls.flatMap((call): Failure[] => {
      const kind = kindOf(call);
      if (!isAll && kinds.has(kind)) return [];
      kinds.add(kind);
      const all = call.method === 'GET' ? NAMES_OF_READS : NAMES;
      // Otherwise one for each kind of call, and another one for the next.
      const names = isAll ? all : [NAMES[turn++ % NAMES.length]!];
      const cut = call.path.includes('/git/trees/') ? ['half a tree'] : [];
      // Once, or a few times.
      const times = call.index % 3 === 0 ? 3 : 1;
      return [...new Set([...names, ...cut])].map((effect) => ({ act, call: call.index, effect, times }));
    }),
  );
}

test('whatever call fails in whatever way, nothing wrong is done, and all ends well once it is over', async () => {
  const played = await playThrough(scene, { seed: seedStory, acts: ACTS, verify: verifyStory });
  const failures = ofShard(chooseFailures(played)).filter(({ act, call, effect }) =>
    isChosen(`${act}.${call}.${effect}`),
  );
  const tell = tellProgress('failures', failures.length);
  const wrong: string[] = [];
  let failed = 0;
  for (const failure of failures) {
    const { act, call, effect, times } = failure;
    const { hasFailed, problems } = await runFailure(scene, played, failure);
    if (hasFailed) failed++;
    const { method, path } = played[act]!.calls[call - 1]!;
    const about = `${effect}, ${times} times, of ${method} ${path} (${act}.${call}.${effect})`;
    if (problems.length > 0) wrong.push(`${about}: ${problems.join('\n    ')}`);
    tell(about, problems);
  }
  expect(wrong).toEqual([]);
  // What runs side by side may need a call less the next time.
  expect(failed).toBeGreaterThan(failures.length * 0.8);
}, 14_400_000);
