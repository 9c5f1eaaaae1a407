import type { Command } from '../../domain/command.ts';
import { hasRole, type Role } from '../../domain/role.ts';
import type { Settings } from '../../domain/settings.ts';
import { code } from '../markdown.ts';
import type { RepositoryReader } from '../ports/repository.ts';

/** What a person can ask for, by a command or a button. */
export type Asked = Command['name'] | 're-evaluate';

export interface Authorised {
  /** Whether the person has the role for it. */
  may(name: Asked): boolean;
  /** For the person, why not: one for each name. */
  refused: string[];
}

/**
 * What a person may, by the role that GitHub tells at this moment; what cannot be read is an error and starts nothing.
 * `shown` is how people know what is asked: `/override`. Without a config, what it could lower needs the highest role.
 */
export async function authorise(
  host: Pick<RepositoryReader, 'readRole'>,
  settings: Settings | null,
  login: string,
  asked: readonly { name: Asked; shown: string }[],
): Promise<Authorised> {
  const role = await host.readRole(login);
  const may = (name: Asked) => hasRole(role, leastRole(settings, name));
  const refused = asked
    .filter(({ name }) => !may(name))
    .map(
      ({ name, shown }) =>
        `${shown} needs the role **${leastRole(settings, name)}** on this repository, and ${code(login)} has **${role}**.`,
    );
  return { may, refused: [...new Set(refused)] };
}

function leastRole(settings: Settings | null, name: Asked): Role {
  switch (name) {
    case 'override':
      return settings?.overrideRole ?? 'admin';
    case 'promote':
      return settings?.promoteRole ?? 'admin';
    case 'hold':
    case 'resume':
      return settings?.holdRole ?? 'admin';
    case 'freeze':
      return settings?.freezeRole ?? 'admin';
    case 'why':
      return 'read';
    case 're-evaluate':
      // It changes nothing by itself. GitHub shows buttons to those who may write.
      return 'write';
  }
}
