import type { BadRelease } from '../../domain/bad-release.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import type { NotPromoted, Promotion } from '../../domain/promotion.ts';
import type { MergeMethod } from '../../domain/settings.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import type { CheckReport, OwnCheck } from '../ports/checks.ts';
import type { DeploymentState } from '../ports/deployments.ts';
import type { FileEdit } from '../ports/git.ts';
import type { DueDeployment, FailedRelease } from '../snapshot.ts';
import type { Note } from './describe-update.ts';

/** One thing to do. Each is safe to repeat: a crash between any two leaves nothing that a second look does not mend. */
export type Action =
  | {
      kind: 'open-promotion';
      /** One, or those of a group. */
      promotions: readonly Promotion[];
      branch: string;
      base: { branch: string; sha: string; treeSha: string };
      files: FileEdit[];
      title: string;
      body: string;
      commitMessage: string;
      labels: readonly string[];
      reviewers: readonly string[];
      /** Without its head, which the commit will be. */
      check: Omit<CheckReport, 'headSha'>;
    }
  | {
      kind: 'update-promotion';
      promotions: readonly Promotion[];
      number: number;
      branch: string;
      headSha: string;
      base: { sha: string; treeSha: string };
      files: FileEdit[];
      title: string;
      body: string;
      commitMessage: string;
      check: Omit<CheckReport, 'headSha'>;
      /** Said once on the pull request: what replaced what, and why; null when nobody loses anything by it. */
      note: Note | null;
    }
  | { kind: 'describe-promotion'; number: number; title: string; body: string; note: Note | null }
  | { kind: 'label-promotion'; number: number; labels: readonly string[]; reviewers: readonly string[] }
  | { kind: 'close-promotion'; number: number; branch: string; headSha: string; body: string; reason: string }
  | { kind: 'delete-branch'; branch: string; headSha: string }
  /** Tells those who approved a promotion that Sluice rolls it back. */
  | { kind: 'announce-rollback'; number: number; mark: BadRelease }
  | {
      /** Shows what the change does to the rendered target. */
      kind: 'show-change';
      number: number;
      headSha: string;
      /** Commit of the default branch that the head was made on. */
      baseSha: string;
      /** Of each target: its folder, or its only file. */
      targets: readonly { application: string; root: string }[];
    }
  | {
      /** Tells in its body what a pull request brings. */
      kind: 'tell-story';
      number: number;
      headSha: string;
      body: string;
      carried: readonly PromotionTrailers[];
    }
  | {
      /** Mirrors the health of an environment in the GitHub deployment of what merged there. */
      kind: 'report-deployment';
      deployment: DueDeployment;
      state: DeploymentState;
      description: string;
    }
  | { kind: 'report-check'; report: CheckReport; existing: OwnCheck | null }
  | {
      kind: 'merge-promotion';
      promotion: { application: string; to: string; release: string };
      number: number;
      branch: string;
      headSha: string;
      method: MergeMethod;
      title: string;
      message: string;
    };

/** A change of what is stopped, which comes before all actions: they follow from another look. */
export type Decision =
  | { kind: 'begin-rollback'; failed: FailedRelease }
  /** A newer release has come. */
  | { kind: 'lift-hold'; mark: BadRelease; release: string };

/** What became of an action that GitHub or a person kept from being done. */
export interface Refusal {
  action: Action['kind'] | Decision['kind'];
  subject: string;
  reason: string;
  /** The promotions that do not happen for it. */
  promotions?: readonly Omit<NotPromoted, 'reason'>[];
  /** The gates as they are now, when they are not what they were. */
  gates?: GateResult[];
  /** When to look again although nothing happens. */
  lookAgainMs?: number;
}

/** A look that comes by itself. */
export interface LookAgain {
  /** When to look again although nothing happened; null when an event will tell. */
  lookAgainMs: number | null;
  /** Repositories whose builds are to be looked up then. */
  lookAt: readonly string[];
}

/** What a reconcile would do, as data, and what it leaves alone and why. */
export interface Plan extends LookAgain {
  actions: Action[];
  promotions: PlannedPromotion[];
  notPromoted: NotPromoted[];
  /** Absent: none. */
  decisions?: Decision[];
}

/** A promotion with its gates, as it is or will be on a pull request. */
export interface PlannedPromotion {
  application: string;
  from: readonly string[];
  to: string;
  release: string;
  /** Null while it has no pull request. */
  pull: { number: number; url: string } | null;
  gates: GateResult[];
}

/** What a plan comes to for one promotion. */
export interface Part extends Pick<Plan, 'actions' | 'promotions' | 'notPromoted' | 'decisions'> {
  lookAgainMs?: number;
}
