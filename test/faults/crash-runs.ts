import { compare, compareDoubled } from './compare-states.ts';
import { type DescribedState, describeState } from './describe-state.ts';
import type { Intercept } from './front.ts';
import { begin, gitopsOf, type Played, play } from './play.ts';
import type { Rig } from './rig.ts';

/** Where the process dies: right before GitHub hears of a call of an act, or when it has acted and not answered. */
export interface Crash {
  act: number;
  /** From 1. */
  call: number;
  when: 'before' | 'after';
}

export interface Ran {
  /** False when the act needed fewer calls this time. */
  hasCrashed: boolean;
  /** What is otherwise than without the crash. */
  problems: string[];
}

/** Plays one act with a crash in it, and all further ones when `toEnd`. */
export async function runCrash(
  rig: Rig,
  played: readonly Played[],
  crash: Crash,
  toEnd: boolean,
): Promise<Ran> {
  const { act, before, after } = played[crash.act]!;
  let hasCrashed = false;
  const intercept: Intercept = async (call, answer) => {
    if (hasCrashed || call.index !== crash.call) return answer();
    hasCrashed = true;
    if (crash.when === 'after') await answer();
    rig.crash();
    return 'reset';
  };
  await begin(rig, act, before);
  rig.front.begin(intercept);
  const problems = await play(rig, act);
  problems.push(...(await findWrong(rig, after)));
  if (toEnd) {
    for (const next of played.slice(crash.act + 1)) problems.push(...(await play(rig, next.act)));
    problems.push(...(await findWrong(rig, played.at(-1)!.after)));
  }
  return { hasCrashed, problems };
}

async function findWrong(rig: Rig, expected: DescribedState): Promise<string[]> {
  const found = await describeState(gitopsOf(rig));
  return [...compare(expected, found), ...compareDoubled(expected, found)];
}
