import type { GateSpec } from '../../domain/gate-spec.ts';
import { type Known, known } from '../../domain/gates/gate.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Settings } from '../../domain/settings.ts';
import { targetKey } from '../../domain/target.ts';
import { once } from '../once.ts';
import { orUnknown } from '../or-unknown.ts';
import type { BranchMove } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Target } from '../snapshot.ts';
import { type Found, findLanding } from './find-landing.ts';
import { findOrigin } from './observe-origin.ts';

/** A release in a source environment: the commit that brought it there, and when that landed. */
export interface Arrival {
  environment: string;
  /** Null when the commit is not in recent history. */
  sha: string | null;
  /** Null when GitHub's record of the branch does not tell. */
  landing: Found | null;
  /** When another release replaced it there; null or absent while it is there. */
  untilMs?: number | null;
}

/** Reads the record of the default branch once in a look, as far back as the longest soak time asks for. */
export type MoveReader = () => Promise<Known<readonly BranchMove[]>>;

/**
 * Moves after the commit that the look is pinned to are left out: they may have brought something else. `leastMs` is how
 * far to read back beyond the longest soak time.
 */
export function makeMoveReader(
  reader: RepositoryReader,
  { branch, commit }: Base,
  gates: readonly GateSpec[],
  nowMs: number,
  leastMs = 0,
): MoveReader {
  const untilMs = nowMs - longestSoakMs(gates) - leastMs;
  return once(() =>
    orUnknown('the activity of the default branch', async () => {
      const moves = await reader.listMoves(branch, untilMs);
      const pinned = moves.findIndex(({ after }) => after === commit.sha);
      return moves.slice(Math.max(0, pinned));
    }),
  );
}

function longestSoakMs(gates: readonly GateSpec[]): number {
  return gates.reduce(
    (longest, gate) => (gate.kind === 'soak' ? Math.max(longest, gate.durationMs) : longest),
    0,
  );
}

/**
 * When the release of a promotion came to each of its sources. What the pull request remembers of its origin is not
 * asked: the source may have held something else in between.
 */
export async function findArrivals(
  {
    reader,
    base,
    settings,
    byTarget,
    moves,
  }: {
    reader: RepositoryReader;
    base: Base;
    settings: Settings;
    byTarget: ReadonlyMap<string, Target>;
    moves: MoveReader;
  },
  promotion: Promotion,
): Promise<Known<Arrival[]>> {
  const recorded = await moves();
  if (!recorded.known) return recorded;
  const arrivals = await Promise.all(
    promotion.from.map(async (environment): Promise<Arrival> => {
      const source = byTarget.get(targetKey({ application: promotion.application, environment }));
      const origin = source ? await findOrigin(reader, base, settings.promote, source, promotion) : null;
      if (!origin) return { environment, sha: null, landing: null };
      const isAncestor = (ancestor: string, sha: string) => reader.isAncestor(ancestor, sha);
      const landing = await findLanding(recorded.value, origin.sha, isAncestor);
      return { environment, sha: origin.sha, landing };
    }),
  );
  return known(arrivals);
}
