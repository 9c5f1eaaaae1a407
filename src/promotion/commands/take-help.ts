import { COMMANDS, usageOf } from '../../domain/commands/table.ts';
import { describePermission } from '../../domain/permission.ts';
import { cell, code, table } from '../markdown.ts';
import type { Snapshot } from '../snapshot.ts';
import { type Taken, tell } from './taken.ts';

/** Answers `/help`: all commands, who may use them here, and examples with names of this repository. */
export function takeHelp({ snapshot }: { snapshot: Pick<Snapshot, 'settings' | 'candidates'> }): Taken {
  const { candidates, settings } = snapshot;
  const example =
    candidates.find(({ promotion }) => promotion !== null) ??
    candidates.find(({ environment }) => environment.from.length > 0) ??
    candidates[0];
  const names = {
    app: example?.application ?? 'APPLICATION',
    env: example?.environment.name ?? 'ENVIRONMENT',
    from: example?.environment.from[0] ?? 'ENVIRONMENT',
  };
  const rows = COMMANDS.map((entry) => {
    const { permission, does } = entry;
    const who = permission ? describePermission(settings.permissions[permission]) : 'whoever may read';
    return [code(usageOf(entry)), cell(does), cell(who), code(fill(entry.example, names))];
  });
  const differing = settings.environments
    .filter(({ permissions }) => permissions)
    .map(({ name }) => code(name));
  const note =
    differing.length > 0
      ? `\n\nOthers may do so in ${differing.join(', ')}: see \`commands\` in the config.`
      : '';
  return tell(
    `One command a line, outside of code and quotes.\n\n${table(['command', 'does', 'for', 'example'], rows)}${note}`,
  );
}

function fill(example: string, names: Readonly<Record<string, string>>): string {
  return example.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? name);
}
