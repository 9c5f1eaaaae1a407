import type { Role } from '../../src/domain/role.ts';
import type { GitHost } from '../../src/promotion/ports/host.ts';
import type { Payload } from '../../src/webhooks/deliveries.ts';
import type { People } from '../memory-github/people.ts';

export const REPOSITORY = 'acme/gitops';

/** A webhook as GitHub sent it. */
export interface Hook {
  event: string;
  payload: Payload;
}

/** A GitHub with one repository, where the App is installed: in memory, or the sandbox over HTTP. */
export interface Stage {
  appId: number;
  /** The ports as a process has them that knows nothing yet. */
  makeHost(): GitHost;
  people: People;
  now(): number;
  pass(durationMs: number): void;
  /** The webhooks since it was asked last, in their order. */
  takeHooks(): Promise<Hook[]>;
  stop(): Promise<void>;
}

export interface StageOptions {
  files: Record<string, string>;
  /** Roles by login; the first is the owner. */
  roles: Record<string, Role>;
  /** Nobody merges before `sluice/gates` is green. */
  isProtected?: boolean;
  /** GitHub finds out a moment later whether a pull request can be merged; only in memory. */
  isSlow?: boolean;
}

export type OpenStage = (options: StageOptions) => Promise<Stage>;

export const START_MS = Date.parse('2026-03-01T12:00:00Z');
