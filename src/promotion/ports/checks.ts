import type { CheckFact } from '../../domain/gates/facts.ts';

/** A check run of this App. */
export interface OwnCheck {
  id: number;
  name: string;
  externalId: string;
  status: 'in_progress' | 'completed';
  conclusion: string | null;
  title: string;
  summary: string;
  text: string;
  /** By GitHub's clock; absent when it does not tell. */
  startedAtMs?: number;
}

/** A check run of this App, read alone. GitHub never tells of its buttons. */
export interface ReadCheck extends OwnCheck {
  headSha: string;
  /** Its page. */
  url: string;
}

/**
 * A button on a check run: at most three, label and identifier of at most 20 characters, description of at most 40.
 * https://docs.github.com/en/rest/checks/runs#create-a-check-run
 */
export interface CheckButton {
  label: string;
  description: string;
  /** What GitHub tells when somebody presses it. */
  identifier: string;
}

export interface Annotation {
  path: string;
  /** 1-based. */
  line: number;
  message: string;
}

/** What a check run of this App shall say. */
export interface CheckReport {
  name: string;
  headSha: string;
  externalId: string;
  /** `neutral` satisfies a required check: never of what something waits for. */
  state: 'in_progress' | 'success' | 'failure' | 'neutral';
  title: string;
  summary: string;
  /** Details below the summary; those of before stay when left out. */
  text?: string;
  annotations: Annotation[];
  /** Left out: those of before stay. GitHub shows them once the check run has completed. */
  buttons?: readonly CheckButton[];
}

/** Check runs and statuses as they are now. */
export interface CheckReader {
  /** Check runs, this App's own apart (newest first). */
  listCheckRuns(sha: string): Promise<{ checks: CheckFact[]; own: OwnCheck[] }>;
  /** Null when there is none of this App. */
  readCheck(id: number): Promise<ReadCheck | null>;
  /** Latest commit status of each context. */
  listStatuses(sha: string): Promise<CheckFact[]>;
}
