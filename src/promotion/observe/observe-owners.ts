import ignore from 'ignore';
import type { OwnedFile } from '../../domain/gates/facts.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base } from '../snapshot.ts';

// In the order in which GitHub looks for it:
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** Owners of each file by the default branch's CODEOWNERS: the last pattern that matches decides. */
export async function findOwners(
  reader: Pick<RepositoryReader, 'readText'>,
  base: Base,
  paths: readonly string[],
): Promise<Known<readonly OwnedFile[]>> {
  const entry = PLACES.map((path) => base.files.get(path)).find((found) => found !== undefined);
  if (!entry) return unknown('the gate asks for code owners, and the default branch has no CODEOWNERS file');
  const rules = parseCodeowners((await reader.readText(entry.sha)) ?? '');
  return known(
    paths.map((path) => ({ path, owners: rules.findLast(({ matches }) => matches(path))?.owners ?? [] })),
  );
}

interface OwnerRule {
  matches: (path: string) => boolean;
  /** Logins and `org/team`, without `@`. Empty: nobody owns it. */
  owners: string[];
}

/** CODEOWNERS patterns follow the rules of gitignore files, without negation and without ranges. */
export function parseCodeowners(text: string): OwnerRule[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('!') && !line.includes('['))
    .map((line) => {
      const [pattern, ...owners] = line.split(/(?<!\\)\s+/) as [string, ...string[]];
      const matcher = ignore({ ignorecase: false }).add(pattern);
      // `docs/*` owns the files of `docs`, and unlike in a gitignore file nothing in the folders below it.
      if (pattern.endsWith('/*')) matcher.add(`!${pattern}/`);
      return {
        matches: (path: string) => matcher.ignores(path),
        // An e-mail address stays, although nobody can be found by it: its files are not nobody's.
        owners: owners.filter((owner) => owner.includes('@')).map((owner) => owner.replace(/^@/, '')),
      };
    });
}
