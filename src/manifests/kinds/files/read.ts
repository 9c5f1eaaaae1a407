import type { PromoteRule } from '../../../domain/promote-rule.ts';
import type { TargetLocation } from '../../../domain/target.ts';
import { globMatcher, pathBelowRoot } from '../../below-root.ts';
import type { ValueCollector } from '../../collect-values.ts';

/** An entry of the repository's tree: `mode` as git writes it (`100644`), `sha` of the blob. */
export interface TreeEntry {
  path: string;
  mode: string;
  sha: string;
}

/** Modes as in https://git-scm.com/docs/git-fast-import#_filemodify. */
const PROMOTABLE_MODES = new Set(['100644', '100755']);
const FOLDER_MODES = new Set(['040000', '40000']);

/** Reads whole files; symbolic links and submodules are never promoted, they may lead out of the target. */
export function readFiles(
  collector: ValueCollector,
  target: TargetLocation,
  rule: Extract<PromoteRule, { kind: 'files' }>,
  blobs: readonly TreeEntry[],
): void {
  const isIncluded = globMatcher(rule.include);
  const isExcluded = globMatcher(rule.exclude);
  for (const { path, mode, sha } of blobs) {
    const name = pathBelowRoot(target, path);
    if (name === null || FOLDER_MODES.has(mode) || !isIncluded(name) || isExcluded(name)) continue;
    if (PROMOTABLE_MODES.has(mode)) {
      const value = { kind: 'file', name, part: 'content', value: `${mode} ${sha}` } as const;
      collector.add(value, { path, line: 1, document: 0, address: [] });
    } else {
      collector.report({ path, line: null, message: describeMode(mode) });
    }
  }
}

function describeMode(mode: string): string {
  const what = mode === '120000' ? 'a symbolic link' : mode === '160000' ? 'a submodule' : `of mode ${mode}`;
  return `it is ${what} and is never promoted; put a file there or exclude it from the promoted files`;
}
