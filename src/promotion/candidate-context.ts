import type { Settings } from '../domain/settings.ts';
import type { Decided } from './decide.ts';
import type { FactsInput } from './facts-input.ts';
import type { MoveReader } from './observe-arrivals.ts';
import type { HttpProber, RepositoryReader } from './ports.ts';
import type { ReportReader } from './report-reader.ts';
import type { Base, Target } from './snapshot.ts';

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
  holds: FactsInput['holds'];
  /** What is due everywhere. */
  decided: readonly Decided[];
}
