import type { TargetId } from '../../domain/target.ts';

/** What Sluice says of a deployment; `error`: what was waited for did not come. */
export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** A GitHub deployment that this App made of a promotion. */
export interface OwnDeployment {
  id: number;
  /** What it is of; null when the payload is not one of Sluice's. */
  of: (TargetId & { pull: number }) | null;
}

/** The deployments that this App made. */
export interface DeploymentReader {
  /** Of one environment on GitHub, newest first, a hundred at most: of all, or of one commit. */
  listOwnDeployments(environment: string, sha?: string): Promise<OwnDeployment[]>;
  /** What was last said of one; null: nothing. */
  readDeploymentState(id: number): Promise<string | null>;
}

export interface DeploymentWriter {
  /** Tells GitHub that a commit is being deployed, merging nothing and waiting for no status. Gives its id. */
  createDeployment(input: {
    /** On GitHub, at most 255 characters. */
    environment: string;
    sha: string;
    of: TargetId & { pull: number };
    /** At most 140 characters. */
    description: string;
  }): Promise<number>;
  reportDeployment(
    id: number,
    status: {
      state: DeploymentState;
      /** At most 140 characters. */
      description: string;
      /** Where to read more. */
      url: string;
    },
  ): Promise<void>;
}
