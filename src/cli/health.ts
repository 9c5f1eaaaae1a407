import type { IncomingMessage, ServerResponse } from 'node:http';
import { within } from './within.ts';

export interface HealthOptions {
  /** Throws when the process cannot do its work just now. */
  check: () => Promise<void>;
  /** Told why, for the log; the answer says only which part it is. */
  onTrouble?: (error: unknown) => void;
}

/** Answers for whoever watches over the process. */
export interface Health {
  /** Answers `/healthz` and `/readyz`; false when it is asked for something else. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** From now on, nothing more is to be sent here. */
  drain(): void;
}

const MOST_CHECKING_MS = 2_000;
/** However often somebody asks, the database is not asked more often. */
const KEPT_MS = 500;

/**
 * `/healthz` answers as long as the process does: whoever restarts it for another reason restarts it in vain.
 * `/readyz` says whether webhooks may be sent here, and otherwise why not.
 */
export function makeHealth({ check, onTrouble }: HealthOptions): Health {
  let isDraining = false;
  let kept: { atMs: number; reason: Promise<string | null> } | null = null;

  const look = async () => {
    try {
      await within(MOST_CHECKING_MS, check());
      return null;
    } catch (error) {
      onTrouble?.(error);
      return 'the database does not answer';
    }
  };
  const reasonNow = () => {
    const nowMs = performance.now();
    if (!kept || nowMs - kept.atMs > KEPT_MS) kept = { atMs: nowMs, reason: look() };
    return kept.reason;
  };

  return {
    drain() {
      isDraining = true;
    },
    async answer({ url }, response) {
      const path = url?.split('?', 1)[0];
      if (path !== '/healthz' && path !== '/readyz') return false;
      const reason = path === '/healthz' ? null : isDraining ? 'shutting down' : await reasonNow();
      response.writeHead(reason === null ? 200 : 503, { 'content-type': 'text/plain' });
      response.end(reason === null ? 'ok\n' : `not ready: ${reason}\n`);
      return true;
    },
  };
}
