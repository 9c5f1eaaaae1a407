import { matchEnvironments } from './match-environments.ts';
import type { Finding } from './problem.ts';
import type { Config } from './schema.ts';
import { toList } from './schema-parts.ts';

/** A setting that not every environment can have. */
interface Limited {
  key: 'open' | 'candidate';
  value: string;
  /** What it is without the setting. */
  plain: string;
  /** Why an environment with these sources cannot have it; null when it can. */
  refuse: (name: string, from: readonly string[]) => string | null;
}

const LIMITED: readonly Limited[] = [
  {
    key: 'open',
    value: 'when-ready',
    plain: 'at-once',
    refuse: (name, from) =>
      from.length > 0 ? null : `${name} takes builds, whose pull requests open at once`,
  },
  {
    key: 'candidate',
    value: 'qualified',
    plain: 'current',
    refuse: (name, from) => {
      if (from.length === 0) return `${name} takes builds, which no environment held before`;
      return from.length > 1 ? `${name} takes from several environments, whose pasts need not agree` : null;
    },
  },
];

/** Finds settings that make no sense for what an environment takes from, also where defaults or overrides say them. */
export function checkTerms(config: Config): Finding[] {
  return LIMITED.flatMap((limited) => [
    ...checkEnvironments(config, limited),
    ...checkOverrides(config, limited),
  ]);
}

function checkEnvironments({ environments, defaults }: Config, limited: Limited): Finding[] {
  const { key, value, plain, refuse } = limited;
  return Object.entries(environments).flatMap(([name, own]): Finding[] => {
    const isOwn = own?.[key] !== undefined;
    if ((own?.[key] ?? defaults?.[key]) !== value) return [];
    const why = refuse(name, toList(own?.from ?? []));
    if (why === null) return [];
    const hint = isOwn ? 'remove it here' : `write \`${key}: ${plain}\` in ${name}`;
    return [{ message: `${why}; ${hint}`, path: isOwn ? ['environments', name, key] : ['defaults', key] }];
  });
}

function checkOverrides({ environments, overrides }: Config, { key, value, refuse }: Limited): Finding[] {
  return overrides.flatMap((override, index): Finding[] => {
    if (override[key] !== value) return [];
    const reached = matchEnvironments(override.environments, Object.keys(environments));
    const why = reached.map((name) => refuse(name, toList(environments[name]?.from ?? [])));
    const first = why.find((each) => each !== null);
    if (!first) return [];
    const message = `${first}; name the other environments in this override`;
    return [{ message, path: ['overrides', index, key] }];
  });
}
