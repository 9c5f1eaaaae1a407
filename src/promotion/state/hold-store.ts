import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { type Hold, isInForce } from '../../domain/hold.ts';
import { code, plain } from '../markdown.ts';
import { flattenUnknown } from '../or-unknown.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { formatHolds, MOST_HOLDS, parseHolds } from './hold-document.ts';
import { changeState, readState, readStateBefore, STATE_BRANCH, type State } from './state-branch.ts';

export const HOLDS_PATH = 'holds.json';

/** All holds of a repository, also some that have ended by themselves. Without the branch there are none. */
export async function readHolds(reader: RepositoryReader): Promise<Known<readonly Hold[]>> {
  return flattenUnknown('the holds', async () => {
    const state = await readState(reader, HOLDS_PATH);
    return state.known ? toHolds(state.value) : state;
  });
}

/** The holds before the newest change, when that was made for the word at `url`; none otherwise. */
export async function readHoldsBefore(reader: RepositoryReader, url: string): Promise<readonly Hold[]> {
  const state = await readStateBefore(reader, HOLDS_PATH, url);
  const holds = state?.known ? toHolds(state.value) : null;
  return holds?.known ? holds.value : [];
}

/** What a change of the holds comes to: those that are to be there, and the message of the commit. */
export interface HoldChange {
  holds: readonly Hold[];
  message: string;
}

/**
 * Changes the holds in one commit. `change` sees those in force and returns null when there is nothing to do; it may be
 * asked several times. What has ended by itself goes with the next change. Throws when GitHub does not take it.
 */
export async function changeHolds(
  host: RepositoryReader & RepositoryWriter,
  nowMs: number,
  change: (inForce: readonly Hold[]) => HoldChange | null,
): Promise<Known<'changed' | 'unchanged'>> {
  return changeState(host, HOLDS_PATH, (state) => {
    const holds = toHolds(state);
    if (!holds.known) return holds;
    const wanted = change(holds.value.filter((hold) => isInForce(hold, nowMs)));
    if (wanted === null) return known(null);
    if (wanted.holds.length > MOST_HOLDS)
      return unknown(`there are ${MOST_HOLDS} holds already; end some of them first`);
    const text = formatHolds(wanted.holds);
    // What cannot be read again would stop everything.
    const written = parseHolds(text);
    return written.known ? known({ text, message: wanted.message }) : unknown(plain(written.reason));
  });
}

/** Holds as the branch has them; none without it. */
export function toHolds({ tip, text }: State): Known<readonly Hold[]> {
  if (text === null) return known([]);
  const holds = parseHolds(text);
  return holds.known
    ? holds
    : unknown(
        `${code(HOLDS_PATH)} in ${tip?.sha.slice(0, 7)} on the branch ${code(STATE_BRANCH)} cannot be read (${plain(holds.reason)}), so that nobody knows what is held. Set the branch back to a commit that can be read, or delete it, which ends all holds`,
      );
}
