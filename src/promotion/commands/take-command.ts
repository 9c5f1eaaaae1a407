import type { Command } from '../../domain/commands/command.ts';
import { entryOf, type PermissionName, usageOf } from '../../domain/commands/table.ts';
import { code } from '../markdown.ts';
import type { PromotionRequest } from '../occasion.ts';
import type { CommandCall } from './command-call.ts';
import { takeApprove } from './take-approve.ts';
import { takeClose } from './take-close.ts';
import { takeCompare } from './take-compare.ts';
import { takeHelp } from './take-help.ts';
import { takeHistory } from './take-history.ts';
import { takeStop } from './take-hold.ts';
import { takeOverride } from './take-override.ts';
import { takePromote } from './take-promote.ts';
import { takeRetry } from './take-retry.ts';
import { takeRollback } from './take-rollback.ts';
import { takeStatus } from './take-status.ts';
import { takeWhere } from './take-where.ts';
import { takeWhy } from './take-why.ts';
import { refuse, type Taken } from './taken.ts';

/** What somebody must be let do for a command; null: it changes nothing, and whoever may read may ask. */
export function permissionOf(command: Command): PermissionName | null {
  if (command.name === 'typo' || (command.name === 'promote' && command.isDryRun)) return null;
  return entryOf(command.name).permission;
}

/** Does what one command asks for. Who asks for what goes into `requests`, for the look that follows. */
export async function takeCommand(
  call: CommandCall,
  command: Command,
  requests: Map<string, PromotionRequest>,
): Promise<Taken> {
  switch (command.name) {
    case 'promote':
      return takePromote(call, command, requests);
    case 'override':
      return takeOverride(call, call.comment, command);
    case 'hold':
    case 'resume':
    case 'freeze':
      return takeStop(call, command);
    case 'rollback':
      return takeRollback(call, command);
    case 'approve':
      return takeApprove(call);
    case 'close':
      return takeClose(call, command);
    case 'retry':
      return takeRetry(call);
    case 'why':
      return takeWhy(call, command);
    case 'status':
      return takeStatus(call, command);
    case 'history':
      return takeHistory(call, command);
    case 'compare':
      return takeCompare(call, command);
    case 'where':
      return takeWhere(call, command);
    case 'help':
      return takeHelp(call);
    case 'typo':
      return refuse(
        `There is no command ${code(`/${command.said}`)}. Did you mean ${code(usageOf(entryOf(command.meant)))}? Nothing was done.`,
      );
  }
}
