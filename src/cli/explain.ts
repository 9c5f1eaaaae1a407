import pino from 'pino';
import { Probot } from 'probot';
import type { Client } from '../github/client.ts';
import { makeHost } from '../github/host.ts';
import { readHttpOptions } from '../http/http-options.ts';
import { makeHttpProber } from '../http/http-prober.ts';
import { summarize } from '../promotion/commands/describe-explanation.ts';
import { type Explanation, explainTargets } from '../promotion/commands/explain-target.ts';
import { findTargets } from '../promotion/commands/find-targets.ts';
import { observe } from '../promotion/observe/observe.ts';
import { nothingTold } from '../promotion/occasion.ts';
import { readCredentials } from './credentials.ts';
import { makeLog } from './make-log.ts';
import { alignColumns, printable, toPrintableJson } from './printable.ts';

export interface ExplainOptions {
  /** Full name of the GitOps repository. */
  repository: string;
  json: boolean;
  /** The clock that gates go by; the real one when left out. */
  now?: () => number;
}

export interface Output {
  line(text: string): void;
  error(text: string): void;
}

/** Looks up everything that there is, first environments' builds too. */
const LOOK = { lookAt: ['*'], readTold: nothingTold, ended: [], requests: new Map() };

/**
 * Prints what there is to promote to a target and what stops it, as the App would find it now. False when there is no
 * such target. Reads GitHub with the App's credentials, and writes nothing there.
 */
export async function explain(
  words: readonly string[],
  { repository, json, now = Date.now }: ExplainOptions,
  env: NodeJS.ProcessEnv,
  output: Output,
): Promise<boolean> {
  const credentials = await readCredentials(env);
  const secrets = [credentials.privateKey, env.SLUICE_HTTP_SECRET];
  const log = makeLog({ level: env.LOG_LEVEL ?? 'error', secrets, destination: pino.destination(2) });
  const probot = new Probot({ ...credentials, baseUrl: env.GITHUB_API_URL, log });
  const host = makeHost(async (id) => (await probot.auth(id)) as Client, log);
  const http = makeHttpProber(readHttpOptions(env), log);
  const reader = await host.open(repository);
  const observation = await observe(reader, { builds: host.builds, http }, LOOK, new Map(), now());
  if (observation.kind === 'no-config') throw new Error(`${repository} has no config on its default branch`);
  if (observation.kind === 'broken-config') {
    const { line, message } = observation.problems[0]!;
    throw new Error(`the config of ${repository} is broken; line ${line}: ${printable(message)}`);
  }
  const { snapshot } = observation;
  const meant = findTargets(snapshot.candidates, words);
  if ('problem' in meant) {
    output.error(printable(meant.problem));
    return false;
  }
  const targets = await explainTargets(reader, http, snapshot, meant.found, now());
  if (json) output.line(toPrintableJson({ repository, commit: snapshot.base.commit.sha, targets }));
  else output.line(targets.map(describe).join('\n\n'));
  return true;
}

function describe(explanation: Explanation): string {
  const { application, environment, pull, gates, reasons } = explanation;
  const { verdict, holdings } = summarize(explanation, printable, printable);
  const lines = [`${printable(`${application} in ${environment}`)}: ${verdict}. ${holdings}`.trim()];
  if (pull) lines.push(pull.url);
  const rows = gates.map(({ gate, state, reason }) => [gate, state, reason].map(printable));
  if (rows.length > 0) lines.push('', ...alignColumns([['gate', 'state', 'why'], ...rows]));
  if (reasons.length > 0) lines.push('', ...reasons.map((reason) => `- ${printable(reason)}`));
  return lines.join('\n');
}
