/** One application in one environment. */
export interface TargetId {
  application: string;
  environment: string;
}

/** Where a target lives in the repository, as a path template found it. */
export interface TargetLocation extends TargetId {
  /** Folder of the target, or its only file. Repository-relative, without a trailing slash. */
  root: string;
  /** Whether `root` is a file (`image-tags/staging/checkout`) rather than a folder. */
  isFile: boolean;
}

/** Stable text of a target, for maps, logs and branch names: `checkout@staging`. */
export function targetKey({ application, environment }: TargetId): string {
  return `${application}@${environment}`;
}

/** A target as people say it: `checkout in staging`. */
export function describeTarget({ application, environment }: TargetId): string {
  return `${application} in ${environment}`;
}
