/** The contract between the route files: what each gets, and the helpers that all use. */
import type { Hono, Context as HonoContext } from 'hono';
import type { Faults } from './faults.ts';
import type { Limits } from './limits.ts';
import type { PrimaryLimit } from './primary-limit.ts';
import type { SecondaryLimit } from './secondary-limit.ts';
import type { Actor, App, Delivery, Installation, Repository, State, User } from './state.ts';

/** A ref that moved: `before` null when it is new, `after` null when it is gone. */
export interface RefChange {
  ref: string;
  before: string | null;
  after: string | null;
  pusher: User;
  /** What the repository's activity calls it; found out from the commits when left out. */
  activity?: 'pr_merge' | 'merge_queue_merge';
}

/** A ref that somebody asks to move. */
export interface RefProposal {
  ref: string;
  before: string | null;
  after: string | null;
  user: User;
  actor: Actor;
}

/** What every route file gets. */
export interface SandboxContext {
  state: State;
  /** The clock, in milliseconds since the epoch; tests set it. */
  now(): number;
  /** `http://127.0.0.1:PORT` */
  url(): string;
  nextId(): number;
  limits: Limits;
  primary: PrimaryLimit;
  secondary: SecondaryLimit;
  faults: Faults;
  /** Queues a webhook of the delivery log once more. */
  redeliver(app: App, delivery: Delivery): void;
  /**
   * Sends a webhook to every App that is installed on the repository and subscribes to the event
   * (an App whose actions caused it included). Adds `repository`, `organization`, `sender`, `installation`.
   * Queued in order for each App; never blocks or fails the request that caused it.
   */
  emit(
    event: string,
    input: {
      repository: Repository;
      sender: User;
      payload: Record<string, unknown>;
      action?: string;
      /** Only this App is told, as when it alone is asked for its checks. */
      toAppId?: number;
    },
  ): void;
  /** Sends a webhook that belongs to no repository to the App of an installation, suspended or not. */
  tellInstallation(
    installation: Installation,
    event: string,
    payload: Record<string, unknown> & { action: string },
  ): void;
  /** Called after any ref moved, by API, merge or git push. Emits `push`/`create`/`delete` and lets pull requests follow their heads. */
  refChanged(repository: Repository, change: RefChange): Promise<void>;
  /** Hooks that `refChanged` calls after it has emitted `push`; routes/pulls registers one so that heads follow. */
  onRefChanged: ((repository: Repository, change: RefChange) => Promise<void>)[];
  /**
   * Asked before a push or an API call moves a ref (merges excepted): a text refuses and says why.
   * The objects of `after` are in the repository already.
   */
  onBeforePush?: (repository: Repository, proposal: RefProposal) => Promise<string | null>;
}

export type Env = { Variables: { actor: Actor } };
export type RouteContext = HonoContext<Env>;

/** Adds the routes of one family, with full paths such as `/repos/:owner/:repo/pulls`. */
export type Routes = (app: Hono<Env>, sandbox: SandboxContext) => void;
