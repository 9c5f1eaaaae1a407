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

export interface JobQueue {
  add(job: Job): Promise<void>;
}
