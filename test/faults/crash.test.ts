import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ACTS, ORGANIZATION, PEOPLE, seedStory, verifyStory } from '../../src/cli/demo/story.ts';
import { CHANGES_STORY } from './changes-story.ts';
import { type Crash, runCrash } from './crash-runs.ts';
import type { Kept } from './keep-sandbox.ts';
import { kindOf, type Played, playThrough, type Story } from './play.ts';
import { openRig, type Rig } from './rig.ts';
import { isAll, isChosen, ofShard, tellProgress } from './selection.ts';

let rig: Rig;
let empty: Kept;
beforeAll(async () => {
  rig = await openRig(ORGANIZATION, PEOPLE);
  empty = await rig.keep();
}, 300_000);
afterAll(() => rig?.close());

const isWrite = ({ method }: { method: string }) => method !== 'GET';

/**
 * Where the process dies: right before and right after each call; otherwise after each kind of write. Before a call is
 * after the one before it, and reads are alike to the process that dies: all it lost is what it knew.
 */
function chooseCrashes(played: readonly Played[], kinds: Set<string>): Crash[] {
  return played.flatMap(({ calls }, act) =>
    calls.flatMap((call): Crash[] => {
      const at = { act, call: call.index };
      const both: Crash[] = [
        { ...at, when: 'before' },
        { ...at, when: 'after' },
      ];
      // A process that dies before a read leaves behind what it leaves after it.
      if (isAll) return isWrite(call) ? both : both.slice(0, 1);
      const kind = kindOf(call);
      if (kinds.has(kind) || !isWrite(call)) return [];
      kinds.add(kind);
      return both.slice(1);
    }),
  );
}

const STORIES: [string, Story][] = [
  ["the demo's", { seed: seedStory, acts: ACTS, verify: verifyStory }],
  ['one of changes', CHANGES_STORY],
];

/** What one story has shown is not shown by the other again. */
const shown = new Set<string>();

test.each(STORIES)(
  'a process that is killed at any call of a story, %s, leaves nothing that the next does not mend',
  async (name, story) => {
    await rig.restore(empty);
    const played = await playThrough(rig, story);
    const wrong: string[] = [];
    let reached = 0;
    const chosen = ofShard(chooseCrashes(played, shown));
    const crashes = chosen.filter(({ act, call, when }) => isChosen(`${act}.${call}.${when}`));
    const tell = tellProgress(
      `${name}: ${played.map(({ calls }) => calls.length).join(' + ')} calls`,
      crashes.length,
    );
    for (const crash of crashes) {
      const call = played[crash.act]!.calls[crash.call - 1]!;
      const { hasCrashed, problems } = await runCrash(rig, played, crash, isAll && isWrite(call));
      if (hasCrashed) reached++;
      const about = `${crash.when} ${call.method} ${call.path} (${crash.act}.${crash.call}.${crash.when})`;
      if (problems.length > 0) wrong.push(`${about}: ${problems.join('\n    ')}`);
      tell(about, problems);
    }
    expect(wrong).toEqual([]);
    // What runs side by side may need a call less the next time.
    expect(reached).toBeGreaterThan(crashes.length * 0.8);
  },
  14_400_000,
);
