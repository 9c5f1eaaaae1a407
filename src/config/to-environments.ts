import type { Environment, Override, Terms } from '../domain/settings.ts';
import { toGate } from './gates/gate.ts';
import { matchEnvironments } from './match-environments.ts';
import type { Config } from './schema.ts';
import type { ConfigEnvironment, ConfigOverride } from './schema-environments.ts';
import { toList } from './schema-parts.ts';

type ConfigTerms = Omit<ConfigEnvironment, 'from' | 'path'>;

/** What holds where neither an environment nor the defaults say anything. */
const PLAIN: Terms = {
  gates: [],
  noOverride: [],
  autoMerge: false,
  reviewers: [],
  allowDowngrade: false,
  allowFloating: false,
};

/** The environments in the terms of the domain, the defaults of the config applied. */
export function toEnvironments(config: Config): Environment[] {
  const shared = toPaths(config.path ?? []);
  const defaults = toTerms(config.defaults ?? {});
  return Object.entries(config.environments).map(([name, value]) => ({
    name,
    from: toList(value?.from ?? []),
    paths: value?.path === undefined ? shared : toPaths(value.path),
    ...PLAIN,
    ...defaults,
    ...toTerms(value ?? {}),
  }));
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
  };
}

/** Only where the config says so: settings stay as they were without it. */
export function toAllow(allow: string | readonly string[] | undefined): { allow?: readonly string[] } {
  return allow === undefined ? {} : { allow: toList(allow) };
}

function toPaths(paths: string | readonly string[]): readonly string[] {
  return toList(paths).map((path) => path.replace(/\/$/, ''));
}
