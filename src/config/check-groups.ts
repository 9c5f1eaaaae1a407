import type { Finding } from './problem.ts';
import type { Config } from './schema.ts';

/** Finds groups where builds arrive: each build is for one application, whose CI waits for its pull request alone. */
export function checkGroups({ environments }: Config): Finding[] {
  return Object.entries(environments).flatMap(([name, value]): Finding[] => {
    if (value?.group === undefined || value.from !== undefined) return [];
    const message = `${name} takes builds, which come one by one; a group needs \`from:\``;
    return [{ message, path: ['environments', name, 'group'] }];
  });
}
