import type { NoticeEvent, NotifyRule } from '../../domain/notify-rule.ts';

/** One thing that people are told of. */
export interface Notice {
  /** The same for the same thing, within its repository: it is told once. */
  key: string;
  event: NoticeEvent;
  /** Null when it is about a whole environment. */
  application: string | null;
  environment: string;
  /** Environments that it comes from; empty when it comes from a build, or is about an environment. */
  from: readonly string[];
  release: string | null;
  pull: { number: number; url: string } | null;
  /** Login of who did it; null when nobody did, or it is not known. */
  by: string | null;
  /** What it waits for, or why, as Markdown; null when there is nothing to say. */
  reason: string | null;
}

/** Tells people outside of GitHub. */
export interface Notifier {
  /**
   * Takes what a look found; whatever was taken before is left alone. Never throws, and gives up before a job would wait
   * long: nothing that is promoted depends on it.
   */
  notify(repository: string, rules: readonly NotifyRule[], notices: readonly Notice[]): Promise<void>;
}
