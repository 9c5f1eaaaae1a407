/** What people can be told of. */
export const NOTICE_EVENTS = ['opened', 'waiting', 'merged', 'failed', 'rolled-back', 'frozen'] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

export const NOTIFY_FORMATS = ['json', 'slack'] as const;
export type NotifyFormat = (typeof NOTIFY_FORMATS)[number];

/** Who is told of what. */
export interface NotifyRule {
  /** Name of the environment variable of Sluice that holds the URL. */
  variable: string;
  format: NotifyFormat;
  events: readonly NoticeEvent[];
  /** Names. */
  environments: readonly string[];
  /** Globs. */
  applications: readonly string[];
}
