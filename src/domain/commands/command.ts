import type { CommandName } from './table.ts';

/** A command in a comment. */
export type Command = PromoteCommand | OverrideCommand | StopCommand | WordsCommand | TypoCommand;

export interface PromoteCommand {
  name: 'promote';
  applications: readonly string[];
  /** Environment after `to`. */
  to: string | null;
  /** Which release; null: what is due. */
  release: string | null;
  /** To be told what would be done, and no more. */
  isDryRun: boolean;
  /** What could not be understood; the command is refused with it. */
  problem: string | null;
}

export interface OverrideCommand {
  name: 'override';
  /** Kind of the gates that it is for: `soak`. */
  gate: string;
  reason: string;
  problem: string | null;
}

/** Stops promotions, or lets them go on. Which words are names and which the reason, only the repository tells. */
export interface StopCommand {
  name: 'hold' | 'resume' | 'freeze';
  words: readonly string[];
}

/** What the words mean, only the repository tells. On a pull request, most commands without any mean its promotion. */
export interface WordsCommand {
  name: Exclude<CommandName, PromoteCommand['name'] | OverrideCommand['name'] | StopCommand['name']>;
  words: readonly string[];
}

/** A slip of the fingers: nothing is done, and the person is asked. */
export interface TypoCommand {
  name: 'typo';
  /** The word behind the slash. */
  said: string;
  meant: CommandName;
}
