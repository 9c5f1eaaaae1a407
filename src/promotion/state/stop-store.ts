import type { BadRelease } from '../../domain/bad-release.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { type Hold, isInForce } from '../../domain/hold.ts';
import { code, plain } from '../markdown.ts';
import { flattenUnknown } from '../or-unknown.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { formatBadReleases, parseBadReleases } from './bad-release-document.ts';
import { formatHolds, MOST_HOLDS } from './hold-document.ts';
import { HOLDS_PATH, toHolds } from './hold-store.ts';
import { changeStates, readStates, STATE_BRANCH, type States } from './state-branch.ts';

const BAD_PATH = 'bad-releases.json';
const PATHS = [HOLDS_PATH, BAD_PATH];

/** What people, and the health of environments, have stopped. */
export interface Stops {
  /** Also some that have ended by themselves. */
  holds: readonly Hold[];
  bad: readonly BadRelease[];
}

/** All that is stopped in a repository, at one commit of the state branch: one call. Without the branch, nothing is. */
export async function readStops(reader: RepositoryReader): Promise<Known<Stops>> {
  return flattenUnknown('what is held', async () => {
    const state = await readStates(reader, PATHS);
    return state.known ? toStops(state.value) : state;
  });
}

/** What a change comes to, and the message of the commit. */
export interface StopChange extends Stops {
  message: string;
}

/**
 * Changes what is stopped, in one commit. `change` sees what is in force and returns null when there is nothing to do;
 * it may be asked several times. Throws when GitHub does not take it.
 */
export async function changeStops(
  host: RepositoryReader & RepositoryWriter,
  nowMs: number,
  change: (stops: Stops) => StopChange | null,
): Promise<Known<'changed' | 'unchanged'>> {
  return changeStates(host, PATHS, (state) => {
    const stops = toStops(state);
    if (!stops.known) return stops;
    const { holds, bad } = stops.value;
    const wanted = change({ holds: holds.filter((hold) => isInForce(hold, nowMs)), bad });
    if (wanted === null) return known(null);
    if (wanted.holds.length > MOST_HOLDS)
      return unknown(`there are ${MOST_HOLDS} holds already; end some of them first`);
    const texts = new Map([
      [HOLDS_PATH, formatHolds(wanted.holds)],
      [BAD_PATH, formatBadReleases(wanted.bad)],
    ]);
    // What cannot be read again would stop everything.
    const written = toStops({ ...state, texts });
    return written.known ? known({ texts, message: wanted.message }) : unknown(plain(written.reason));
  });
}

function toStops({ tip, texts }: States): Known<Stops> {
  const holds = toHolds({ tip, text: texts.get(HOLDS_PATH) ?? null });
  if (!holds.known) return holds;
  const text = texts.get(BAD_PATH) ?? null;
  if (text === null) return known({ holds: holds.value, bad: [] });
  const bad = parseBadReleases(text);
  return bad.known
    ? known({ holds: holds.value, bad: bad.value })
    : unknown(
        `${code(BAD_PATH)} in ${tip?.sha.slice(0, 7)} on the branch ${code(STATE_BRANCH)} cannot be read (${plain(bad.reason)}), so that nobody knows what was rolled back. Set the branch back to a commit that can be read, or delete it, which ends all holds`,
      );
}
