import type { GateSpec } from '../../domain/gate-spec.ts';
import type { Settings } from '../../domain/settings.ts';
import { targetKey } from '../../domain/target.ts';
import { once } from '../once.ts';
import type { HttpProber } from '../ports/http.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Decided, Snapshot, Target } from '../snapshot.ts';
import { readStops } from '../state/stop-store.ts';
import { askOnce } from './ask-once.ts';
import type { FactsInput } from './facts-input.ts';
import { type MoveReader, makeMoveReader } from './observe-arrivals.ts';
import { makeReportReader, type ReportReader } from './report-reader.ts';

/** What all candidates of one look are read with. */
export interface CandidateContext {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  byTarget: ReadonlyMap<string, Target>;
  nowMs: number;
  moves: MoveReader;
  reports: ReportReader;
  http: HttpProber;
  stops: FactsInput['stops'];
  /** What is due everywhere. */
  decided: readonly Decided[];
}

/**
 * What facts are read with. What was asked before is remembered in it, so each look, and each merge, makes its own;
 * `known` is what the same look has read with already.
 */
export function makeContext(
  reader: RepositoryReader,
  http: HttpProber,
  { base, settings, targets, decided }: Pick<Snapshot, 'base' | 'settings' | 'targets' | 'decided'>,
  gates: readonly GateSpec[],
  nowMs: number,
  known: Partial<Pick<CandidateContext, 'moves' | 'reports' | 'stops'>> = {},
): CandidateContext {
  return {
    reader,
    base,
    settings,
    byTarget: new Map(targets.map((target) => [targetKey(target.location), target])),
    nowMs,
    moves: known.moves ?? makeMoveReader(reader, base, gates, nowMs),
    reports: known.reports ?? makeReportReader(reader),
    http: askOnce(http),
    stops: known.stops ?? once(() => readStops(reader)),
    decided,
  };
}
