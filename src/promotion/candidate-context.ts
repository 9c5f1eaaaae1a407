import type { GateSpec } from '../domain/gate-spec.ts';
import { targetKey } from '../domain/target.ts';
import { askOnce } from './ask-once.ts';
import { makeMoveReader } from './observe-arrivals.ts';
import type { CandidateContext } from './observe-candidates.ts';
import type { HttpProber, RepositoryReader } from './ports.ts';
import { makeReportReader } from './report-reader.ts';
import type { Snapshot } from './snapshot.ts';

/** What facts are read with. What was asked before is remembered in it, so each look, and each merge, makes its own. */
export function makeContext(
  reader: RepositoryReader,
  http: HttpProber,
  { base, settings, targets, decided }: Pick<Snapshot, 'base' | 'settings' | 'targets' | 'decided'>,
  gates: readonly GateSpec[],
  nowMs: number,
): CandidateContext {
  return {
    reader,
    base,
    settings,
    byTarget: new Map(targets.map((target) => [targetKey(target.location), target])),
    nowMs,
    moves: makeMoveReader(reader, base, gates, nowMs),
    reports: makeReportReader(reader),
    http: askOnce(http),
    decided,
  };
}
