import ignore from 'ignore';
import { isWriter, type People } from './people.ts';

/** One line of a CODEOWNERS file. */
export interface OwnerRule {
  pattern: string;
  /** `@login`, `@organisation/team` or an e-mail address; empty: nobody owns what matches. */
  owners: string[];
}

/** Where GitHub looks, first found wins: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
export const CODEOWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

export function parseCodeOwners(text: string): OwnerRule[] {
  const rules: OwnerRule[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [pattern, ...rest] = line.trim().split(/\s+/);
    if (!pattern || pattern.startsWith('#') || pattern.startsWith('!')) continue;
    const comment = rest.findIndex((word) => word.startsWith('#'));
    rules.push({ pattern, owners: comment === -1 ? rest : rest.slice(0, comment) });
  }
  return rules;
}

/** Owners of a path: those of the last line that matches. */
export function ownersOf(rules: OwnerRule[], path: string): string[] {
  return rules.findLast((rule) => matchesOwnerPattern(rule.pattern, path))?.owners ?? [];
}

/** Whether any of the patterns (as in `.gitignore`, case-sensitive) matches the path or a folder above it. */
export function matchesPatterns(patterns: string[], path: string): boolean {
  return ignore({ ignorecase: false, allowRelativePaths: true }).add(patterns).ignores(path);
}

/** As in `.gitignore`, except that `docs/*` does not reach into folders below `docs`. */
function matchesOwnerPattern(pattern: string, path: string): boolean {
  if (!matchesPatterns([pattern], path)) return false;
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return !(pattern.endsWith('/*') && folder !== '' && matchesPatterns([pattern], folder));
}

/**
 * Logins that may approve for these owners. An owner without write access does not count on GitHub,
 * so an empty answer means that nobody has to be asked.
 */
export function ownerLogins(owners: string[], people: People): Set<string> {
  const logins = new Set<string>();
  for (const owner of owners) {
    const [organization, slug] = owner.replace(/^@/, '').split('/');
    const team = organization && slug ? people.teamBySlug(organization, slug) : null;
    const candidates = slug ? [...(team?.members ?? [])] : owner.startsWith('@') ? [owner.slice(1)] : [];
    for (const login of candidates) if (isWriter(people, login)) logins.add(login);
  }
  return logins;
}
