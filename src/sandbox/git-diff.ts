import { objectName } from './git-objects.ts';
import { describeObject, remembered } from './git-reader.ts';
import { askGit } from './kept-git.ts';
import { EMPTY_TREE } from './run-git.ts';

export interface GitFileChange {
  path: string;
  previousPath: string | null;
  status: 'added' | 'removed' | 'modified' | 'renamed';
  additions: number;
  deletions: number;
  sha: string;
  /** Hunks as GitHub gives them (from the first `@@`), null for binary files and pure renames. */
  patch: string | null;
}

interface RawChange {
  letter: string;
  path: string;
  previousPath: string | null;
  sha: string;
}

const FLAGS = ['-r', '-M', '-z', '--raw', '--no-abbrev', '--numstat', '-p', '--no-ext-diff', '--no-textconv'];
const STATUS: Record<string, GitFileChange['status']> = { A: 'added', D: 'removed', R: 'renamed' };

/** Changes between two commits or trees (`from` null is the empty tree), with rename detection. */
export async function diffCommits(gitDir: string, from: string | null, to: string): Promise<GitFileChange[]> {
  const names = [from === null ? EMPTY_TREE : await objectName(gitDir, from), await objectName(gitDir, to)];
  return remembered(gitDir, `diff ${names.join(' ')}`, () => diffObjects(gitDir, names));
}

/** A line that is no object name is printed as it is, which tells where the answer before it ends. */
const END = 'end of the diff\n';

async function diffObjects(gitDir: string, names: string[]): Promise<GitFileChange[]> {
  const trees = await Promise.all(names.map((name) => treeOf(gitDir, name)));
  const request = `${trees.join(' ')}\n${END}`;
  const answer = await askGit(gitDir, ['diff-tree', '--stdin', ...FLAGS], request, `\n${END}`);
  // The first line repeats the names; an empty entry is between the lists and the patches.
  const text = answer.slice(answer.indexOf('\n') + 1);
  const gap = text.indexOf('\0\0');
  const lists = (gap === -1 ? text : text.slice(0, gap)).split('\0');
  const firstNumber = lists.findIndex((part) => /^[\d-]+\t[\d-]+\t/.test(part));
  const raw = lists.slice(0, firstNumber).join('\0');
  const counts = readCounts(lists.slice(firstNumber).join('\0'));
  const sections = (gap === -1 ? '' : text.slice(gap + 2)).split(/^diff --git .*$/m).slice(1);
  let section = 0;
  return (firstNumber === -1 ? [] : readRaw(raw)).map((change, index) => {
    // A change of type (a file became a link) is printed as a removal and an addition.
    const own = sections.slice(section, section + (change.letter === 'T' ? 2 : 1));
    section += own.length;
    return {
      path: change.path,
      previousPath: change.previousPath,
      status: STATUS[change.letter] ?? 'modified',
      additions: counts[index]?.additions ?? 0,
      deletions: counts[index]?.deletions ?? 0,
      sha: change.sha,
      patch: own.map(hunks).filter(Boolean).join('\n') || null,
    };
  });
}

/** `diff-tree --stdin` takes pairs of trees only. */
async function treeOf(gitDir: string, name: string): Promise<string> {
  const tree = name === EMPTY_TREE ? null : await describeObject(gitDir, `${name}^{tree}`);
  return tree?.sha ?? EMPTY_TREE;
}

function hunks(section: string): string {
  const start = section.search(/^@@ /m);
  return start === -1 ? '' : section.slice(start).replace(/\n$/, '');
}

function readRaw(text: string): RawChange[] {
  const parts = text.split('\0');
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < parts.length; ) {
    const [, , before = '', after = '', status = ''] = (parts[at++] ?? '').split(' ');
    const letter = status.slice(0, 1);
    const first = parts[at++] ?? '';
    const second = letter === 'R' || letter === 'C' ? (parts[at++] ?? '') : null;
    changes.push({
      letter,
      path: second ?? first,
      previousPath: second === null ? null : first,
      sha: letter === 'D' ? before : after,
    });
  }
  return changes;
}

/** Lines added and removed for each change, in the order of `readRaw`; `-` (binary) counts as 0. */
function readCounts(text: string): { additions: number; deletions: number }[] {
  const parts = text.split('\0');
  const counts: { additions: number; deletions: number }[] = [];
  for (let at = 0; at < parts.length; at++) {
    const [added, removed, path] = (parts[at] ?? '').split('\t');
    if (added === undefined || removed === undefined) continue;
    counts.push({ additions: Number(added) || 0, deletions: Number(removed) || 0 });
    // A rename leaves the path empty and gives both names as the next two parts.
    if (path === '') at += 2;
  }
  return counts;
}
