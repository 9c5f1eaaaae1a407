/** Work for one repository. Equal ones coalesce; those of one repository run one at a time. */
export type Job =
  | {
      kind: 'reconcile';
      repository: string;
      /** Repositories of applications whose builds are to be looked up again; all when `*`. */
      lookAt: string[];
      /** Builds that only their delivery tells of. */
      builds: DispatchedBuild[];
      /** Pull requests that have just ended, whose branches may be of no more use. */
      ended: number[];
      /** The merge queue asks for checks. */
      queue?: boolean;
      /** Branches may be left of promotions whose end no process has seen. */
      isSweep?: boolean;
      /** Commands may have been given that no delivery told of. */
      commands?: boolean;
    }
  | { kind: 'command'; repository: string; comment: number }
  | ButtonJob
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
}

/** What all processes together know of which GitOps repositories take whose builds: a cache, made anew by looking. */
export interface SourceStore {
  /** What a GitOps repository's config says now. */
  save(repository: string, sources: readonly string[]): Promise<void>;
  /** GitOps repositories that take builds of `source`. */
  find(source: string): Promise<string[]>;
}
