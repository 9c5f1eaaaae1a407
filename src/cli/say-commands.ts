import { type Command, InvalidArgumentError } from 'commander';
import { COMMANDS, type CommandName, usageOf } from '../domain/commands/table.ts';
import { need } from './credentials.ts';
import type { Output } from './explain.ts';
import { type Said, say } from './say.ts';

/** These mean something else in a shell: a page of help, the records in the database, two checkouts. */
const OTHERS: readonly CommandName[] = ['help', 'history', 'compare'];

const WAIT_S = 120;

interface Flags {
  on?: number | null;
  repository?: string;
  wait: number;
  dryRun?: boolean;
}

const STATUS: Readonly<Record<Said, number>> = { done: 0, sent: 0, refused: 1, late: 2 };

/** Adds each command of comments as one of the shell: `sluice promote checkout to prod`. */
export function addSayCommands(program: Command, output: Output): void {
  for (const entry of COMMANDS.filter(({ name }) => !OTHERS.includes(name))) {
    const command = program
      .command(entry.name)
      .description(`say ${usageOf(entry)} on GitHub with your GITHUB_TOKEN, and print the answer`)
      .argument('[word...]', entry.usage || 'nothing')
      .option('--on <number>', 'the issue or pull request to say it on; the dashboard by default', toNumber)
      .option('--repository <owner/name>', 'the GitOps repository; GITHUB_REPOSITORY by default')
      .option('--wait <seconds>', 'how long to wait for the answer; 0 for not at all', toSeconds, WAIT_S);
    if (entry.name === 'promote') command.option('--dry-run', 'be told what would be done', false);
    command.action(async (words: string[], { on = null, repository, wait, dryRun = false }: Flags) => {
      const text = [`/${entry.name}`, ...words, ...(dryRun ? ['--dry-run'] : [])].join(' ');
      const name = repository ?? need(process.env, 'GITHUB_REPOSITORY', NAME);
      const said = await say(text, { repository: name, on, waitMs: wait * 1_000 }, process.env, output);
      if (said === 'late') output.error(`Sluice has not answered within ${wait} s; the comment stands.`);
      process.exitCode = STATUS[said];
    });
  }
}

const NAME = "the GitOps repository's full name; or say --repository OWNER/NAME";

function toNumber(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is the number of an issue or a pull request.');
}

function toSeconds(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number of seconds.');
}
