import type { Build } from '../domain/build.ts';
import type { GateSpec } from '../domain/gate-spec.ts';
import type { Promotion } from '../domain/promotion.ts';
import type { Settings } from '../domain/settings.ts';
import type { FollowChanges } from './follow-changes.ts';
import type { RepositoryReader } from './ports.ts';
import type { Base, Origin, Target } from './snapshot.ts';

/** What the facts of one promotion are read with. */
export interface FactsInput {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  byTarget: ReadonlyMap<string, Target>;
  /** What the pull request is to carry now; null when nothing is due. */
  due: Promotion | null;
  gates: readonly GateSpec[];
  /** Finds where the release came from, for each source environment, when a gate needs it. */
  origins: () => Promise<(Origin | null)[]>;
  /** Builds that are due in a first environment. */
  builds: readonly Build[];
  /** Finds what led to the changes that are due, when a gate needs it. */
  follow: FollowChanges;
}
