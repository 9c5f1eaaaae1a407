import pino from 'pino';
import { Probot } from 'probot';
import type { Client } from '../github/client.ts';
import { makeHost } from '../github/host.ts';
import { type Verified, verifyLedger } from '../history/ledger/verify-ledger.ts';
import { readCredentials } from './credentials.ts';
import type { Output } from './explain.ts';
import { parseSince } from './history-figures.ts';
import { printable, toPrintableJson } from './printable.ts';

export interface VerifyCommand {
  /** Full name of a GitOps repository; null: all that the App is installed on. */
  repository: string | null;
  /** `30d`, or a date. */
  since: string;
  /** Hash of a line that somebody noted. */
  noted: string | null;
  json: boolean;
  /** The real clock when left out. */
  nowMs?: number;
}

/**
 * Holds the records on the branches `sluice-state` to git and GitHub, and says what differs. False when something does,
 * or cannot be read. Needs no database, and writes nothing.
 */
export async function verifyHistory(
  env: NodeJS.ProcessEnv,
  { repository, since, noted, json, nowMs = Date.now() }: VerifyCommand,
  output: Output,
): Promise<boolean> {
  const options = { sinceMs: parseSince(since, nowMs), nowMs, noted };
  const log = pino({ level: env.LOG_LEVEL ?? 'error' }, pino.destination(2));
  const probot = new Probot({ ...(await readCredentials(env)), baseUrl: env.GITHUB_API_URL, log });
  const host = makeHost(async (id) => (await probot.auth(id)) as Client, log);
  const listed = repository === null ? await host.listRepositories() : null;
  let isRight = listed?.isWhole ?? true;
  if (!isRight) output.error('The repositories of some installation cannot be listed; the others are read.');
  for (const name of listed?.repositories ?? [repository!]) {
    try {
      const verified = await verifyLedger(await host.open(name), options);
      isRight &&= verified.problems.length === 0;
      if (json) output.line(toPrintableJson(verified));
      else print(verified, output);
    } catch (error) {
      isRight = false;
      output.error(printable(`${name}: ${error instanceof Error ? error.message : String(error)}`));
    }
  }
  return isRight;
}

function print(verified: Verified, output: Output): void {
  const { repository, recordCount, pullCount, comparedCount, last, problems } = verified;
  const kept = `${recordCount} records of ${pullCount} pull requests are kept`;
  const compared = `${comparedCount} pull requests were compared with all that GitHub knows`;
  output.line(printable(`${repository}: ${kept}; ${compared}; the last line is ${last ?? 'none'}`));
  for (const problem of problems) output.line(printable(`${repository}: ${problem}`));
}
