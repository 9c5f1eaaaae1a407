import type { MergeMethod } from '../../domain/settings.ts';
import type { BranchReader } from './branch-rules.ts';
import type { CheckReader, CheckReport, OwnCheck } from './checks.ts';
import type { DeploymentReader, DeploymentWriter } from './deployments.ts';
import type { FileEdit, GitReader } from './git.ts';
import type { HealthReader } from './health.ts';
import type { IssueReader, IssueWriter } from './issues.ts';
import type { PullReader } from './pulls.ts';

/** Everything that is read of one repository. Each method throws when GitHub's answer cannot be trusted to be whole. */
export interface RepositoryReader
  extends GitReader,
    PullReader,
    CheckReader,
    HealthReader,
    DeploymentReader,
    BranchReader,
    IssueReader {
  readonly fullName: string;
}

/** Everything that is written. Each method is safe to repeat. */
export interface RepositoryWriter extends IssueWriter, DeploymentWriter {
  /** Tree of `baseTree`, or an empty one, with the edits, committed on the parents by the App itself. */
  createCommit(input: {
    baseTree: string | null;
    parents: string[];
    files: FileEdit[];
    message: string;
  }): Promise<{ sha: string; treeSha: string }>;
  /** False when the branch exists already. */
  createBranch(branch: string, sha: string): Promise<boolean>;
  /** Fast-forward only: false when the branch is not what it was thought to be. */
  advanceBranch(branch: string, sha: string): Promise<boolean>;
  deleteBranch(branch: string): Promise<void>;
  /** Says why when GitHub finds it invalid: one may be open already, or nothing may differ. */
  openPull(input: {
    title: string;
    body: string;
    branch: string;
    base: string;
  }): Promise<{ number: number; url: string } | { refused: string }>;
  updatePull(
    number: number,
    change: { title?: string; body?: string; state?: 'open' | 'closed' },
  ): Promise<void>;
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  /** False when GitHub refused for a reason that is no person's: they are to be asked again. */
  requestReviewers(number: number, reviewers: readonly string[]): Promise<boolean>;
  comment(number: number, body: string): Promise<void>;
  updateComment(id: number, body: string): Promise<void>;
  react(commentId: number, reaction: 'rocket' | 'confused' | 'eyes'): Promise<void>;
  /** Updates `existing` where GitHub lets it, else makes a new check run. */
  reportCheck(report: CheckReport, existing: OwnCheck | null): Promise<void>;
  /** Merges only while the head is `headSha`; otherwise says why GitHub refused. */
  mergePull(
    number: number,
    input: { headSha: string; method: MergeMethod; title: string; message: string },
  ): Promise<{ merged: true } | { merged: false; reason: string }>;
}
