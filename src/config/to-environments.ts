import { withTerms } from '../domain/override-environment.ts';
import type { Environment, Group, Override, Terms } from '../domain/settings.ts';
import { toGate } from './gates/gate.ts';
import { matchEnvironments } from './match-environments.ts';
import type { Config } from './schema.ts';
import { toPermissions } from './schema-commands.ts';
import { toDeployments } from './schema-deployments.ts';
import type { ConfigEnvironment, ConfigOverride } from './schema-environments.ts';
import { toList } from './schema-parts.ts';
import { toRollback } from './schema-rollback.ts';

type ConfigTerms = Omit<ConfigEnvironment, 'from' | 'path' | 'group'>;

/** What holds where neither an environment nor the defaults say anything. */
const PLAIN: Terms = {
  gates: [],
  noOverride: [],
  autoMerge: false,
  reviewers: [],
  allowDowngrade: false,
  allowFloating: false,
  open: 'at-once',
  candidate: 'current',
};

/** The environments in the terms of the domain, the defaults of the config applied. */
export function toEnvironments(config: Config): Environment[] {
  const shared = toPaths(config.path ?? []);
  const defaults = toTerms(config.defaults ?? {});
  return Object.entries(config.environments).map(([name, value]) => ({
    name,
    from: toList(value?.from ?? []),
    paths: value?.path === undefined ? shared : toPaths(value.path),
    groups: toGroups(value?.group),
    ...PLAIN,
    ...withTerms(defaults, toTerms(value ?? {})),
  }));
}

/** The group of all has a name as any other: its branch needs one. */
function toGroups(written: ConfigEnvironment['group']): Group[] {
  if (written === undefined) return [];
  if (written === 'all') return [{ name: 'all', applications: ['**'] }];
  return Object.entries(written).map(([name, globs]) => ({ name, applications: toList(globs) }));
}

/** `names` are those of all environments. */
export function toOverride(written: ConfigOverride, names: readonly string[]): Override {
  return {
    applications: toList(written.applications),
    environments: matchEnvironments(written.environments, names),
    terms: toTerms(written),
    addedGates: (written['add-gates'] ?? []).map(toGate),
  };
}

/** Only what is said: what is not stays as it was. */
function toTerms(written: ConfigTerms): Partial<Terms> {
  const { gates, reviewers } = written;
  const noOverride = written['no-override'];
  const autoMerge = written['auto-merge'];
  const allowDowngrade = written['allow-downgrade'];
  const allowFloating = written['allow-floating'];
  return {
    ...(gates && { gates: gates.map(toGate) }),
    ...(noOverride && { noOverride: [...new Set(noOverride)] }),
    ...(written.guard !== undefined && { guard: written.guard }),
    ...(autoMerge !== undefined && { autoMerge }),
    ...(reviewers && { reviewers: [...new Set(reviewers)] }),
    ...(allowDowngrade !== undefined && { allowDowngrade }),
    ...(allowFloating !== undefined && { allowFloating }),
    ...toAllow(written.allow),
    ...(written.open && { open: written.open }),
    ...(written.candidate && { candidate: written.candidate }),
    ...(written.commands && { permissions: toPermissions(written.commands) }),
    ...(written.rollback && { rollback: toRollback(written.rollback) }),
    ...(written.deployments && { deployments: toDeployments(written.deployments) }),
  };
}

/** Only where the config says so: settings stay as they were without it. */
export function toAllow(allow: string | readonly string[] | undefined): { allow?: readonly string[] } {
  return allow === undefined ? {} : { allow: toList(allow) };
}

function toPaths(paths: string | readonly string[]): readonly string[] {
  return toList(paths).map((path) => path.replace(/\/$/, ''));
}
