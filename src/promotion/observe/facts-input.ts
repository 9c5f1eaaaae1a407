import type { Build } from '../../domain/build.ts';
import type { GateSpec } from '../../domain/gate-spec.ts';
import type { Known } from '../../domain/gates/gate.ts';
import type { Permission } from '../../domain/permission.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Settings } from '../../domain/settings.ts';
import type { HttpProber } from '../ports/http.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Decided, Origin, Target } from '../snapshot.ts';
import type { Stops } from '../state/stop-store.ts';
import type { FollowChanges } from './follow-changes.ts';
import type { Arrival } from './observe-arrivals.ts';
import type { ReportReader } from './report-reader.ts';

/** What the facts of one promotion are read with. */
export interface FactsInput {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  byTarget: ReadonlyMap<string, Target>;
  /** What the pull request is to carry now; null when nothing is due. */
  due: Promotion | null;
  gates: readonly GateSpec[];
  /** Kinds of gates that nobody may override. */
  noOverride: readonly string[];
  /** Whose `/promote` counts. */
  promoters: Permission;
  /** What is promoted, and where to. */
  location: { application: string; environment: string };
  /** What is due everywhere. */
  decided: readonly Decided[];
  /** Finds where the release came from, for each source environment, when a gate needs it. */
  origins: () => Promise<(Origin | null)[]>;
  /** Finds when the release came to each source environment, as the default branch is now. */
  arrivals: () => Promise<Known<Arrival[]>>;
  /** Reads the same report once in a look. */
  reports: ReportReader;
  /** Asks the same question once in a look. */
  http: HttpProber;
  /** Builds that are due in a first environment. */
  builds: readonly Build[];
  /** Finds what led to the changes that are due, when a gate needs it. */
  follow: FollowChanges;
  /** All that is stopped in the repository, read once in a look. */
  stops: () => Promise<Known<Stops>>;
}
