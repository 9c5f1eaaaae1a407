import type { WindowEntry } from './window-entry.ts';

/** A check run or commit status that must be `success`. */
export interface NamedCheck {
  /** Name of the check run, or context of the status; `*` stands for any text, and all that match must pass. */
  name: string;
  /** Slug of the App that must have written it; null trusts whoever may write checks. */
  app: string | null;
}

/** Who may approve: those with at least a role, `codeowners`, `user:LOGIN` or `team:ORG/SLUG`. */
export type Approver =
  | { kind: 'role'; role: 'write' | 'maintain' | 'admin' }
  | { kind: 'codeowners' }
  | { kind: 'user'; login: string }
  | { kind: 'team'; organization: string; slug: string };

/** An application that goes first. */
export interface Dependency {
  application: string;
  /** What its version in the same environment must meet; null: it must hold what the environments before hold. */
  version: string | null;
}

/** Where the state of an environment is read from. */
export interface HealthSource {
  kind: 'status' | 'check' | 'deployment';
  /**
   * Context of the statuses, name of the check runs, or the deployments' environment. `{app}` and `{from}` stand for
   * the application and the environment that the release comes from, `*` (not of a deployment) for any text.
   */
  name: string;
  /** Login that must have written it, `SLUG[bot]` for an App; null trusts whoever may. */
  by: string | null;
}

/** A condition in CEL on a promotion. */
export interface PolicyRule {
  expression: string;
  /** For people, in place of the expression. */
  name: string | null;
  /** What to do when it stops a promotion. */
  message: string | null;
}

export type JsonScalar = string | number | boolean | null;
/** Approvals that are needed. One person may count in several rules, and once in each. */
export type ApprovalRule =
  | {
      kind: 'count';
      count: number;
      /** Any of these. */
      from: readonly Approver[];
    }
  | { kind: 'all' | 'any'; rules: readonly ApprovalRule[] };

/** A gate that is in force in every environment; no config declares it. */
export interface StandingGate {
  kind: 'hold';
}

/** A gate as the config declares it. */
export type GateSpec =
  | {
      kind: 'checks';
      /** Where they must be: on the commit that brought the release into the source environment, or on the promotion's head. */
      on: 'source' | 'promotion';
      checks: readonly NamedCheck[];
      /** Conclusions that count as `success` does: `neutral`, `skipped`. */
      accept: readonly string[];
    }
  | {
      kind: 'approvals';
      rule: ApprovalRule;
      /** Whether the author of the change, or who asked for the promotion, counts too. */
      allowAuthor: boolean;
      allowRequester: boolean;
    }
  | { kind: 'manual' }
  | {
      kind: 'window';
      /** Any of these; null allows all times that are not blocked. */
      allow: readonly WindowEntry[] | null;
      /** Wins over `allow`. */
      block: readonly WindowEntry[];
      /** IANA name of the zone whose clocks count: `Europe/Berlin`. */
      zone: string;
    }
  | {
      kind: 'soak';
      durationMs: number;
      /** What starts the clock: the release landed in the source environment, or became healthy there. */
      since: 'merged' | 'healthy';
    }
  | {
      kind: 'health';
      source: HealthSource;
      /** How long it must have stayed healthy. */
      durationMs: number;
    }
  | { kind: 'after'; dependencies: readonly Dependency[] }
  | {
      kind: 'policy';
      /** All must be true. */
      pass: readonly PolicyRule[];
      /** None may be true; wins over `pass`. */
      deny: readonly PolicyRule[];
    }
  | {
      kind: 'http';
      /** As the URL standard writes it: `https://status.acme.example/ready`. */
      url: string;
      /** `POST` sends the promotion, signed. */
      method: 'GET' | 'POST';
      /** Any of these. */
      status: readonly number[];
      /** What must stand in the answer; null asks for the status alone. */
      json: { path: string; equals: JsonScalar } | null;
      /** For the whole question, its retries included. */
      timeoutMs: number;
      retries: number;
      everyMs: number;
      /** What another answer than the expected one does. */
      onMismatch: 'wait' | 'fail';
    }
  | {
      kind: 'pull-request';
      /** Each pull request that led to the release must carry all of these. */
      labels: readonly string[];
      /** And none of these. */
      withoutLabels: readonly string[];
      /** How many people must have approved each one; 0 asks for none. */
      reviews: number;
      /** What may come without a pull request of people. */
      allow: readonly ('push' | 'build')[];
    };
