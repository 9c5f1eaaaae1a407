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

/** Approvals that are needed. One person may count in several rules, and once in each. */
export type ApprovalRule =
  | {
      kind: 'count';
      count: number;
      /** Any of these. */
      from: readonly Approver[];
    }
  | { kind: 'all' | 'any'; rules: readonly ApprovalRule[] };

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
    };
