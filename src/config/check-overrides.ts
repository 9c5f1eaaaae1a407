import { checkGlob } from './check-text.ts';
import { matchEnvironments } from './match-environments.ts';
import type { Finding } from './problem.ts';
import { isRecord } from './schema-parts.ts';
import { didYouMean, quote } from './suggest.ts';

const LONGEST_GLOB = 200;
/** The schema refuses more of either, and this looks at the unchecked value. */
const MOST = 100;

/** Finds overrides for environments that do not exist. Looks at the unchecked value, as `checkReferences` does. */
export function checkOverrides(config: unknown): Finding[] {
  if (!isRecord(config) || !isRecord(config.environments) || !Array.isArray(config.overrides)) return [];
  const names = Object.keys(config.environments).slice(0, MOST);
  return config.overrides.slice(0, MOST).flatMap((override: unknown, index): Finding[] => {
    if (!isRecord(override)) return [];
    const { environments } = override;
    const path = ['overrides', index, 'environments'];
    if (!Array.isArray(environments)) return checkName(environments, names, path);
    return environments.slice(0, MOST).flatMap((name, at) => checkName(name, names, [...path, at]));
  });
}

function checkName(written: unknown, names: readonly string[], path: Finding['path']): Finding[] {
  if (typeof written !== 'string' || written.length > LONGEST_GLOB || checkGlob(written) !== null) return [];
  if (names.length === 0 || matchEnvironments(written, names).length > 0) return [];
  const hint = didYouMean(written, names) || `. Environments: ${names.slice(0, 20).join(', ')}`;
  const what = /[*?{[]/.test(written) ? 'no environment matches' : 'there is no environment';
  return [{ message: `${what} ${quote(written)}${hint}`, path }];
}
