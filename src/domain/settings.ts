import type { GateSpec, HealthSource } from './gate-spec.ts';
import type { NotifyRule } from './notify-rule.ts';
import type { Permissions } from './permission.ts';
import type { PromoteRule } from './promote-rule.ts';

/** On what terms releases come into an environment. */
export interface Terms {
  gates: readonly GateSpec[];
  /** Kinds of gates that nobody may override; `guard` stands for the guard. */
  noOverride: readonly string[];
  /** Whether Sluice merges when all gates passed and protection allows. */
  autoMerge: boolean;
  /** `user` or `org/team`; asked for review when the pull request opens. */
  reviewers: readonly string[];
  allowDowngrade: boolean;
  allowFloating: boolean;
  /** Whether only promotions may change promoted values. Absent: no. */
  guard?: boolean;
  /** Constraints on versions, all of which must let a release in: `>=1.4 <2`. Absent: none. */
  allow?: readonly string[];
  /** When a pull request opens: at once, or when only approvals and checks on its head are missing. */
  open: 'at-once' | 'when-ready';
  /** Which release comes next: what the source holds now, or the newest that has met its time gates there. */
  candidate: 'current' | 'qualified';
  /** Who may do what here, in place of what holds elsewhere. Absent: nothing is said. */
  permissions?: Partial<Permissions>;
  /** Absent: a rollback is a promotion as any other, and only people ask for one. */
  rollback?: RollbackTerms;
  /** GitHub deployments of what merged. Absent: none are made. */
  deployments?: DeploymentTerms;
}

/** How GitHub's deployments tell of promotions. */
export interface DeploymentTerms {
  /** Environment on GitHub, with `{env}` and `{app}`. */
  name: string;
  /** What tells how it is. */
  source: HealthSource;
  /** How long after a merge that is mirrored. */
  withinMs: number;
}

/** What is other for a rollback. */
export interface RollbackTerms {
  /** Kinds of gates that it need not wait for. */
  skip: readonly GateSpec['kind'][];
  /** Whether Sluice merges it; null: as promotions. */
  autoMerge: boolean | null;
  /** A newer release ends the hold that came with it. */
  isHoldLifted: boolean;
  /** What makes Sluice roll back by itself; null: nothing does. */
  automatic: { source: HealthSource; withinMs: number } | null;
}

/** A stage that deployments live in. Its terms hold for each application that has no override. */
export interface Environment extends Terms {
  name: string;
  /** Environments that must hold a release before this one; empty for a first environment, which takes builds. */
  from: readonly string[];
  /** Path templates; the first one that exists for an application is its target. */
  paths: readonly string[];
  /** Applications that come in one pull request. One that several name goes with the first. */
  groups: readonly Group[];
}

/** Applications that are promoted together. */
export interface Group {
  name: string;
  /** Globs over application names. */
  applications: readonly string[];
}

/** Other terms for some applications in some environments. */
export interface Override {
  /** Globs over application names. */
  applications: readonly string[];
  /** Names of the environments. */
  environments: readonly string[];
  /** In place of what stands there. */
  terms: Partial<Terms>;
  /** On top of the gates that stand there. */
  addedGates: readonly GateSpec[];
}

/** How a build of an application becomes known. */
export type BuildEvent =
  | { kind: 'workflow'; workflow: string; branch: string | null }
  | { kind: 'release'; prereleases: boolean }
  | { kind: 'dispatch'; type: string }
  | { kind: 'status'; context: string; branch: string | null };

/** A CI of an application: which repository builds it, and which values a build sets. */
export interface BuildSource {
  /** As in `TargetId`. */
  application: string;
  /** `owner/name` of the repository that builds the application. */
  repository: string;
  event: BuildEvent;
  /** Text with `{sha}`, `{short_sha}`, `{release}` or `{payload.FIELD}`: the value that the build publishes. */
  tag: string;
  /** Same placeholders; the digest that the build publishes, when it tells one. */
  digest: string | null;
  /** Names of the kustomize images that the build sets; all images of the application when empty. */
  images: readonly string[];
}

export type MergeMethod = 'squash' | 'merge' | 'rebase';

/** The repository's config in the terms of the domain: defaults applied, references checked, no cycles. */
export interface Settings {
  /** In topological order: an environment stands after all that it takes from. */
  environments: readonly Environment[];
  /** Of those that concern an application in an environment, later ones win. */
  overrides: readonly Override[];
  /** Globs over application names. */
  applications: { include: readonly string[]; exclude: readonly string[] };
  promote: readonly PromoteRule[];
  sources: readonly BuildSource[];
  /** Who is told of what becomes of promotions. Absent: nobody. */
  notify?: readonly NotifyRule[];
  /** Labels of every promotion pull request. */
  labels: readonly string[];
  mergeMethod: MergeMethod;
  /** Whether an issue shows how everything stands. Absent: yes. */
  dashboard?: boolean;
  /** Who may do what, where an environment does not say otherwise. */
  permissions: Permissions;
}
