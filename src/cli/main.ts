#!/usr/bin/env node
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CONFIG_PATH, parseConfig } from '../config/parse-config.ts';
import { checkCorpus } from './check-corpus.ts';
import { checkRender } from './check-render.ts';
import { compareCheckouts } from './compare.ts';
import { need } from './credentials.ts';
import { handleDeadLetters } from './dead-letters.ts';
import { type DemoOptions, runDemo, STORIES } from './demo/demo.ts';
import { explain } from './explain.ts';
import { generate } from './generate.ts';
import { type HistoryFormat, listHistory, rebuildHistory } from './history.ts';
import { printFigures } from './history-figures.ts';
import { verifyHistory } from './history-verify.ts';
import { DEFAULT_WEBHOOK, runSandbox, SANDBOX_PORT, type SandboxOptions } from './sandbox.ts';
import { addSayCommands } from './say-commands.ts';
import { type Role, start } from './start.ts';
import { readVariables } from './variables.ts';

/** Something hangs that should not: 3 s after the grace period, it is over all the same. */
const LATE_MS = 3_000;

const toConsole = {
  line: (text: string) => console.log(text),
  error: (text: string) => console.error(text),
};

interface HistoryOptions {
  environment?: string;
  repository?: string;
  json: boolean;
  csv: boolean;
  limit?: number;
}

const program = new Command('sluice').description(
  'Promotes releases through environments in a GitOps repository.',
);

program
  .command('demo')
  .description('play a release from CI to production on a local GitHub, or try your own GitOps repository')
  .addOption(
    new Option(
      '--story <name>',
      'what is played: a release that reaches production, or one that is rolled back',
    )
      .choices(Object.keys(STORIES))
      .default('release'),
  )
  .option('--repo <dir>', 'your GitOps repository: a git checkout or a folder; it is copied, never changed')
  .option('--config <file>', `the config to try it with; its own ${CONFIG_PATH} by default`)
  .option(
    '--once',
    'end when everything has merged or is explained; with --repo, merge what Sluice lets through',
    false,
  )
  .option('--json', 'print one JSON object as the last line', false)
  .option('--port <port>', 'port of the local GitHub; any free one by default', Number, 0)
  .action(
    async ({
      repo = null,
      config = null,
      ...flags
    }: Partial<DemoOptions> & Omit<DemoOptions, 'repo' | 'config'>) => {
      const options = { ...flags, repo, config };
      const output = {
        line: (text: string) => console.log(text),
        result: (text: string) => console.log(text),
      };
      process.exitCode = (await runDemo(options, output, untilInterrupted())) ? 0 : 1;
    },
  );

program
  .command('sandbox')
  .description('run a local GitHub alone, with an organisation to try things on')
  .option('--port <port>', 'where it listens; 0 takes any free one', toPort, SANDBOX_PORT)
  .option('--webhook <url>', 'where Sluice takes webhooks', DEFAULT_WEBHOOK)
  .option('--directory <dir>', "where the App's private key goes; a temporary one by default")
  .option('--limits', "refuse what exceeds GitHub's rate limits", false)
  .action((options: SandboxOptions) => runSandbox(options, (text) => console.log(text), untilInterrupted()));

program
  .command('start')
  .description('run the App; APP_ID, PRIVATE_KEY and WEBHOOK_SECRET come from the environment')
  .action(() => runAs('all'));

program
  .command('web')
  .description('take webhooks in and leave the work to `sluice worker`; needs DATABASE_URL')
  .action(() => runAs('web'));

program
  .command('worker')
  .description('do the work that `sluice web` takes in; as many as you like; needs DATABASE_URL')
  .action(() => runAs('worker'));

program
  .command('dead-letters')
  .description('list the work that was given up, or put it back into the queue')
  .option('--replay [id...]', 'put these back, or all of them')
  .option('--json', 'print one JSON object a line', false)
  .action(async ({ replay, json }: { replay?: string[] | true; json: boolean }) => {
    const ids = replay === true ? 'all' : (replay ?? null);
    await handleDeadLetters(process.env, { replay: ids, json }, (text) => console.log(text));
  });

const history = program
  .command('history')
  .description('list what was promoted, the last first; with the embedded database Sluice must be stopped')
  .argument('[application]', 'only this application')
  .option('--environment <name>', 'only what was promoted to this environment')
  .option('--repository <owner/name>', 'only this GitOps repository')
  .option('--json', 'print one JSON object a line', false)
  .option('--csv', 'print comma-separated values', false)
  .option(
    '--limit <count>',
    'at most this many; 50 rows of the table, and everything otherwise, by default',
    toCount,
  )
  .action(async (application: string | undefined, options: HistoryOptions) => {
    const { limit } = options;
    const wanted = { format: toFormat(options), most: limit ?? null };
    await listHistory(process.env, toFilter(application, options), wanted, toConsole);
  });

history
  .command('figures')
  .description(
    'how often, how fast and how safely releases arrive, and for which gates they wait, by application and environment',
  )
  .argument('[application]', 'only this application')
  .option('--since <time>', 'how far back: `90d`, or a date', '30d')
  .action(async (application: string | undefined, { since }: { since: string }) => {
    const options = history.opts<HistoryOptions>();
    const wanted = { format: toFormat(options), since };
    await printFigures(process.env, toFilter(application, options), wanted, toConsole);
  });

history
  .command('verify')
  .description(
    'hold the records on the branch sluice-state to git and GitHub, and say what differs; with --repository, those of one alone',
  )
  .option('--since <time>', 'what ended since then is compared with all that GitHub knows', '30d')
  .option('--noted <hash>', 'the hash of a line that was noted: it must be there; with --repository')
  .action(async ({ since, noted }: { since: string; noted?: string }) => {
    const { repository = null, json } = history.opts<{ repository?: string; json: boolean }>();
    if (noted !== undefined && repository === null)
      throw new Error('--noted: say with --repository whose line it is');
    const wanted = { repository, since, noted: noted ?? null, json };
    process.exitCode = (await verifyHistory(process.env, wanted, toConsole)) ? 0 : 1;
  });

history
  .command('rebuild')
  .description('make the history again from what git and GitHub know; with --repository, that of one alone')
  .option('--resume', 'go on after a rebuild that was interrupted', false)
  .action(async ({ resume }: { resume: boolean }) => {
    const { repository = null } = history.opts<{ repository?: string }>();
    const isWhole = await rebuildHistory(process.env, { repository, isResumed: resume }, toConsole);
    process.exitCode = isWhole ? 0 : 1;
  });

addSayCommands(program, toConsole);

program
  .command('explain')
  .description('say what there is to promote to a target and what stops it; changes nothing')
  .argument('<target...>', 'checkout/prod, or checkout in prod; checkout or prod alone for all of it')
  .option('--repository <owner/name>', 'the GitOps repository; GITHUB_REPOSITORY by default')
  .option('--json', 'print one JSON object', false)
  .action(async (words: string[], { repository, json }: { repository?: string; json: boolean }) => {
    const name =
      repository ??
      need(
        process.env,
        'GITHUB_REPOSITORY',
        "the GitOps repository's full name; or say --repository OWNER/NAME",
      );
    const isKnown = await explain(words, { repository: name, json }, process.env, toConsole);
    process.exitCode = isKnown ? 0 : 1;
  });

program
  .command('validate')
  .description('check a config, and say where it is wrong')
  .argument('[file]', 'the config', CONFIG_PATH)
  .action(async (file: string) => {
    const parsed = parseConfig(await readFile(file, 'utf8'), { path: file });
    if (parsed.ok)
      console.log(`${file} is valid: ${parsed.settings.environments.map(({ name }) => name).join(', ')}`);
    else
      for (const { line, column, message } of parsed.problems)
        console.error(`${file}:${line}:${column}: ${message}`);
    process.exitCode = parsed.ok ? 0 : 1;
  });

program
  .command('generate')
  .description('write the JSON Schema and the references in docs anew')
  .action(async () => {
    for (const path of await generate(process.cwd())) console.log(path);
  });

program
  .command('check-corpus')
  .description('change every value below a folder, in memory, and look whether anything else changed')
  .argument('<dir>', 'a folder')
  .action((dir: string) => {
    const check = checkCorpus(dir, (line) => console.error(line));
    console.log(JSON.stringify(check));
    process.exitCode = check.wrong === 0 ? 0 : 1;
  });

program
  .command('compare')
  .description('show what would change in the cluster between two checkouts of a repository, as Markdown')
  .argument('<before>', 'a checkout without the change')
  .argument('<after>', 'a checkout with it')
  .argument('<target>', 'folder of a target below both')
  .action(async (before: string, after: string, target: string) => {
    console.log(await compareCheckouts(before, after, target));
  });

program
  .command('check-render')
  .description('render every kustomization of a folder, and compare with what the program prints there')
  .argument('<dir>', 'a checkout')
  .action(async (dir: string) => {
    const check = await checkRender(dir, (line) => console.error(line));
    console.log(JSON.stringify(check));
    process.exitCode = check.differ === 0 ? 0 : 1;
  });

function toFilter(application: string | undefined, { environment, repository }: HistoryOptions) {
  return {
    application: application ?? null,
    environment: environment ?? null,
    repository: repository ?? null,
  };
}

function toFormat({ json, csv }: HistoryOptions): HistoryFormat {
  if (json && csv) throw new Error('--json and --csv: say one of them');
  return json ? 'json' : csv ? 'csv' : 'table';
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function toCount(text: string): number {
  const count = Number(text);
  if (/^[1-9]\d{0,8}$/.test(text)) return count;
  throw new InvalidArgumentError('A count is a number from 1 on.');
}

/** Runs until it is told to end, from the very start; then ends what runs, at the latest when the grace period is over. */
async function runAs(role: Role): Promise<void> {
  const interrupted = untilInterrupted();
  const served = await start(process.env, role);
  await interrupted;
  const graceMs = readVariables(process.env).SLUICE_GRACE_S * 1_000;
  setTimeout(() => process.exit(1), graceMs + LATE_MS).unref();
  await served.close(graceMs);
  // What was given back may still wait for an answer here; it is another process's now.
  process.exit(0);
}

async function untilInterrupted(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
