import pino, { type DestinationStream, type Logger } from 'pino';
import { currentWork } from '../queue/current-job.ts';
import { makeMask } from './mask-secrets.ts';

export interface LogOptions {
  level: string;
  /** What must never be written, wherever it comes up. */
  secrets: readonly (string | null | undefined)[];
  /** Standard output when left out, which nothing waits for; what is not written yet is at the end. */
  destination?: DestinationStream;
}

/**
 * A log of JSON lines. Each line carries what it belongs to, delivery and repository, whoever writes it. What is secret,
 * or looks like a token, is masked in the finished line: no error and no library can bring it in.
 */
export function makeLog({ level, secrets, destination }: LogOptions): Logger {
  const mask = makeMask(secrets);
  const options: pino.LoggerOptions = {
    level,
    mixin: () => ({ ...currentWork()?.fields }),
    hooks: { streamWrite: mask },
  };
  return pino(options, destination ?? pino.destination({ sync: false }));
}
