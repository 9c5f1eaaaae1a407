import { type DeadLetter, openDeadLetters } from '../queue/dead-letters.ts';
import { openForCommand } from './open-for-command.ts';

export interface DeadLetterOptions {
  /** Ids of those to put back into the queue, or all; null only lists them. */
  replay: readonly string[] | 'all' | null;
  /** One JSON object a line. */
  json: boolean;
}

/**
 * Lists the work that was given up, or has it done again. With the embedded database, Sluice must be stopped: its folder
 * is for one process.
 *
 * @throws when the database cannot be reached, or its folder is taken
 */
export async function handleDeadLetters(
  env: NodeJS.ProcessEnv,
  { replay, json }: DeadLetterOptions,
  print: (line: string) => void,
): Promise<void> {
  const database = await openForCommand(env);
  try {
    const letters = await openDeadLetters(database);
    if (replay === null)
      for (const letter of await letters.list()) print(json ? JSON.stringify(letter) : lineOf(letter));
    else print(`${await letters.replay(replay === 'all' ? undefined : replay)} put back into the queue`);
    await letters.close();
  } finally {
    await database.close();
  }
}

function lineOf({ id, job, since, error }: DeadLetter): string {
  return `${id}  ${since.toISOString()}  ${job.repository}  ${job.kind}  ${error.replaceAll(/\s+/g, ' ')}`;
}
