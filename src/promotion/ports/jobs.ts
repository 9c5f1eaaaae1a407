/** Work for one repository. Equal ones coalesce; those of one repository run one at a time. */
export type Job =
  | {
      kind: 'reconcile';
      repository: string;
      /** Repositories of applications whose builds are to be looked up again; all when `*`. */
      lookAt: string[];
      /** Pull requests that have just ended, whose branches may be of no more use. */
      ended: number[];
      /** The merge queue asks for checks. */
      queue?: boolean;
      /** Branches may be left of promotions whose end no process has seen. */
      isSweep?: boolean;
      /** Commands may have been given that no delivery told of. */
      commands?: boolean;
      /** The dashboard may have to be written although a look finds what the last one found: what is held has changed. */
      dashboard?: boolean;
    }
  | { kind: 'command'; repository: string; comment: number }
  /** A look found something to roll back: looked at anew, before all routine work. */
  | { kind: 'rollback'; repository: string }
  | ButtonJob
  | DashboardJob
  | TickJob
  | {
      kind: 'source';
      /** Repository of an application, where something that may be a build happened. */
      repository: string;
      builds: DispatchedBuild[];
    };

/** Somebody pressed a button on a check run, as the delivery tells: to be read anew before it is believed. */
export interface ButtonJob {
  kind: 'button';
  repository: string;
  checkRun: number;
  identifier: string;
  /** Login. */
  sender: string;
  headSha: string;
}

/** The text of the dashboard is to be made anew. */
export interface DashboardJob {
  kind: 'dashboard';
  repository: string;
  /** The look whose findings are to be shown, or a later one. */
  look: LookMark;
  /** Whatever is known, the issue is read: somebody may have ticked a box of which no delivery told. */
  isCheck?: boolean;
}

/** Names what a look found. */
export interface LookMark {
  /** Equal when the same was found. */
  view: string;
  /** When, in milliseconds since the epoch, by the clock of the process. */
  atMs: number;
}

/** Somebody ticked boxes of the dashboard, as the delivery tells: to be read anew before it is believed. */
export interface TickJob {
  kind: 'tick';
  repository: string;
  issue: number;
  /** Login of who made the edit. */
  sender: string;
  /** Ids of the boxes that this very edit ticked. */
  boxes: string[];
  /** Digest of the text that the person saw, ticks apart. */
  shown: string;
  /** When, in milliseconds since the epoch, by GitHub's clock. */
  saidAtMs: number;
}

/** A `repository_dispatch` as it was delivered. */
export interface DispatchedBuild {
  repository: string;
  type: string;
  payload: Record<string, unknown>;
  /** Rises from one delivery to the next: an older build never replaces a newer one. */
  order: number;
  /** Login; null when the delivery does not tell. */
  sender: string | null;
}

/** The delivery that a job comes from. GitHub gives a redelivery the same id. */
export interface Origin {
  delivery: string;
  /** Place among the jobs of the same delivery. */
  index: number;
}

export interface JobQueue {
  /** Resolves when the job can no longer be lost. What an origin has completed is not done again. */
  add(job: Job, origin?: Origin): Promise<void>;
  /**
   * Adds a job once so many milliseconds have passed. Of those of one kind for one repository that wait so, one is left:
   * the merged job, at the earliest of the times.
   */
  addLater(job: Job, delayMs: number): Promise<void>;
}

/**
 * What all processes together know of which GitOps repositories take whose builds, and the builds that only their
 * delivery told of. Safe to lose: the configs are read again, and GitHub's log of deliveries is.
 */
export interface SourceStore {
  /** What a GitOps repository's config says now. */
  save(repository: string, sources: readonly string[]): Promise<void>;
  /** GitOps repositories that take builds of `source`. */
  find(source: string): Promise<string[]>;
  /** Keeps builds until whoever takes them has: a config may be broken just now, or not have been read yet. */
  tell(builds: readonly DispatchedBuild[]): Promise<void>;
  /** What was told of `sources` and a GitOps repository has not taken, oldest first. */
  readTold(repository: string, sources: readonly string[]): Promise<DispatchedBuild[]>;
  /** A GitOps repository has taken these builds: neither they nor older ones of their kind are due there again. */
  taken(repository: string, builds: readonly DispatchedBuild[]): Promise<void>;
  /** Whether what was told may have been lost: nothing is known, not even that GitHub's log was read. */
  isForgetful(): Promise<boolean>;
  /** GitHub's log was read: nothing is missing. */
  remember(): Promise<void>;
}
