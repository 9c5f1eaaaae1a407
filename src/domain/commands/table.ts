import type { Role } from '../role.ts';

/** What a person may be let do. The config names who, for all environments and for each. */
export const PERMISSIONS = {
  promote: { usual: 'write', least: 'triage', about: '`/promote`, `/approve` and the check boxes like them' },
  hold: { usual: 'write', least: 'triage', about: '`/hold` and `/resume`' },
  freeze: {
    usual: 'maintain',
    least: 'write',
    about: '`/freeze`, and to resume an environment that somebody else holds',
  },
  rollback: { usual: 'write', least: 'triage', about: '`/rollback`' },
  override: { usual: 'admin', least: 'maintain', about: '`/override`' },
  close: { usual: 'write', least: 'triage', about: '`/close`' },
  retry: { usual: 'write', least: 'triage', about: '`/retry`' },
} as const satisfies Record<string, { usual: Role; least: Role; about: string }>;

export type PermissionName = keyof typeof PERMISSIONS;

/** One command as people know it. `/help`, the documentation and the parser's names are made of these. */
interface CommandEntry {
  name: string;
  /** What follows the name. */
  usage: string;
  /** Markdown, in the third person. */
  does: string;
  /** Null: whoever may read the repository. */
  permission: PermissionName | null;
  /** `{app}`, `{env}` and `{from}` stand for names of the repository. */
  example: string;
  /** Page with more, from `docs/`; null when there is no more to say. */
  page: string | null;
}

/** All commands, in the order in which people are told of them. */
export const COMMANDS = [
  {
    name: 'promote',
    usage: '[APPLICATION...] [to ENVIRONMENT [RELEASE]] [--dry-run]',
    does: 'asks for a promotion; alone, for that of the pull request. With a release, for that one, which the source holds or held lately. `--dry-run` tells what would be done, and does nothing',
    permission: 'promote',
    example: '/promote {app} to {env}',
    page: 'gates/manual.md',
  },
  {
    name: 'approve',
    usage: '',
    does: "passes the gate `manual` of the pull request's promotion. For the gate `approvals`, review on GitHub",
    permission: 'promote',
    example: '/approve',
    page: 'gates/manual.md',
  },
  {
    name: 'hold',
    usage: '[APPLICATION] [ENVIRONMENT] [until TIME] REASON',
    does: 'stops promotions; alone, that of the pull request',
    permission: 'hold',
    example: '/hold {app} {env} until 4h errors since this morning',
    page: 'gates/hold.md',
  },
  {
    name: 'freeze',
    usage: 'ENVIRONMENT until TIME REASON',
    does: 'stops an environment for a planned time',
    permission: 'freeze',
    example: '/freeze {env} until 3d the sale',
    page: 'gates/hold.md',
  },
  {
    name: 'resume',
    usage: '[APPLICATION] [ENVIRONMENT]',
    does: 'ends holds on exactly that',
    permission: 'hold',
    example: '/resume {app} {env}',
    page: 'gates/hold.md',
  },
  {
    name: 'rollback',
    usage: '[forget] [APPLICATION] [in ENVIRONMENT] [to RELEASE] [REASON]',
    does: 'brings back what was there before, in a pull request of its own; what is there now is not promoted there again, and the target is held. Alone, for that of the pull request; `forget` takes such marks away',
    permission: 'rollback',
    example: '/rollback {app} in {env} errors since this morning',
    page: 'guide/rollback.md',
  },
  {
    name: 'override',
    usage: 'GATE REASON',
    does: "lets a gate be passed by for this head, on the promotion's pull request",
    permission: 'override',
    example: '/override soak the outage needs it',
    page: 'gates/README.md#override',
  },
  {
    name: 'close',
    usage: '[REASON]',
    does: 'gives up the promotion of the pull request until there is a newer release',
    permission: 'close',
    example: '/close this release is broken',
    page: null,
  },
  {
    name: 'retry',
    usage: '',
    does: 'has everything looked at again, builds and gates',
    permission: 'retry',
    example: '/retry',
    page: null,
  },
  {
    name: 'why',
    usage: '[APPLICATION] [ENVIRONMENT]',
    does: 'tells what is due, and what stops it; alone, of the pull request',
    permission: null,
    example: '/why {app} {env}',
    page: 'gates/README.md#why-has-it-not-moved',
  },
  {
    name: 'status',
    usage: '[APPLICATION] [ENVIRONMENT]',
    does: 'shows which environment holds which release, and what is on its way',
    permission: null,
    example: '/status {app}',
    page: null,
  },
  {
    name: 'history',
    usage: '[APPLICATION]',
    does: 'tells what was promoted when by whom, the last first',
    permission: null,
    example: '/history {app}',
    page: 'guide/history.md',
  },
  {
    name: 'compare',
    usage: 'ENVIRONMENT ENVIRONMENT [APPLICATION]',
    does: 'shows what differs between two environments, value by value',
    permission: null,
    example: '/compare {from} {env}',
    page: null,
  },
  {
    name: 'where',
    usage: 'RELEASE or COMMIT',
    does: "tells which environments hold a release, or a commit of an application's source",
    permission: null,
    example: '/where v1.4.2',
    page: null,
  },
  {
    name: 'help',
    usage: '',
    does: 'shows this list, with examples for this repository',
    permission: null,
    example: '/help',
    page: null,
  },
] as const satisfies readonly CommandEntry[];

export type CommandName = (typeof COMMANDS)[number]['name'];

/** A command as it is written: `/hold [APPLICATION] ...`. */
export function usageOf({ name, usage }: Pick<CommandEntry, 'name' | 'usage'>): string {
  return usage === '' ? `/${name}` : `/${name} ${usage}`;
}

/** What of the table is about one command. */
export function entryOf(name: CommandName): CommandEntry {
  return COMMANDS.find((entry) => entry.name === name)!;
}
