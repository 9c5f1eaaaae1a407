import type { ConfigProblem } from '../../config/parse-config.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import type { Hold } from '../../domain/hold.ts';
import type { NotPromoted } from '../../domain/promotion.ts';
import type { Holding } from '../list-holdings.ts';

/** What the dashboard shows of a promotion that is open, or opens now. */
export interface ShownPromotion {
  application: string;
  from: readonly string[];
  to: string;
  release: string;
  /** Number of its pull request; null while it has none. */
  pull: number | null;
  /** Nobody has to merge it. */
  isMergedBySluice: boolean;
  /** Gates that have not passed. */
  gates: readonly Pick<GateResult, 'gate' | 'state' | 'reason'>[];
}

/** What a check box is for. */
export type Asked =
  | {
      kind: 'promote';
      application: string;
      to: string;
      release: string;
      fingerprint: string;
      /** The pull request that carries it; null while there is none. */
      pull: number | null;
    }
  | { kind: 'freeze' | 'resume'; environment: string }
  | { kind: 'refresh' };

/** A check box of the dashboard. Its id says what it is for, down to the release, and nothing that a person wrote. */
export interface Box {
  id: string;
  asked: Asked;
}

/** What a look at a repository knows, as far as the dashboard shows it; equal as long as nothing changes. */
export type DashboardView =
  | {
      state: 'pipeline';
      /** In topological order. */
      environments: readonly { name: string; from: readonly string[]; takesBuilds: boolean }[];
      holdings: readonly Holding[];
      promotions: readonly ShownPromotion[];
      notPromoted: readonly NotPromoted[];
      /** Those that promote. */
      boxes: readonly Box[];
    }
  /** Nothing is promoted until it is mended. */
  | { state: 'broken-config'; problems: readonly ConfigProblem[] }
  /** The config says that there is to be no dashboard, or there is no config any more. */
  | { state: 'off' };

/** A promotion that has ended. */
export interface EndedPromotion {
  application: string;
  to: string;
  release: string;
  pull: number;
  outcome: 'merged' | 'closed';
  /** ISO 8601, by GitHub's clock. */
  at: string;
  /** Login; null when GitHub does not tell. */
  by: string | null;
}

/** What became of promotions, as far as a database knows. */
export interface DashboardPast {
  /** The last first. */
  ended: readonly EndedPromotion[];
  /** By `targetKey`: the release that a promotion brought there last, and when it merged. */
  arrived: ReadonlyMap<string, { release: string; at: string }>;
}

/** All that the text is made of. */
export interface DashboardInput {
  view: DashboardView;
  /** In force; null when they cannot be read, with the reason for people. */
  holds: readonly Hold[] | { unknown: string };
  past: DashboardPast;
}

/** Makes the text of the issue: pure, and the same for the same input. */
export type RenderDashboard = (input: DashboardInput) => string;

/** Tells the past of a repository; safe to lose, the dashboard shows less then. */
export interface DashboardHistory {
  readPast(repository: string): Promise<DashboardPast>;
}

/** What was written last, known to all processes; safe to lose. */
export interface WrittenDashboard {
  issue: number;
  /** Of the view that it was made of. */
  view: string;
  /** Digests of the last texts with no box ticked, the newest first. */
  texts: readonly string[];
  /** When it was written, in milliseconds since the epoch. */
  atMs: number;
}

export interface DashboardStore {
  read(repository: string): Promise<WrittenDashboard | null>;
  save(repository: string, written: WrittenDashboard): Promise<void>;
}
