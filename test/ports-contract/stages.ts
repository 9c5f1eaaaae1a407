import { openMemoryStage } from '../stages/memory-stage.ts';
import { openSandboxStage } from '../stages/sandbox-stage.ts';
import { REPOSITORY, type StageOptions } from '../stages/stage.ts';

/** The ports in memory, and the app's own on the local GitHub: the same tests hold the one to the other. */
export const STAGES = [
  { name: 'in memory', open: openMemoryStage },
  { name: 'on the sandbox over HTTP', open: openSandboxStage },
] as const;

const ROLES = { ann: 'admin', bea: 'write', cal: 'write', eve: 'read' } as const;

export const LINES = Array.from({ length: 12 }, (_, line) => `line ${line}\n`);
const FILES = { 'a/values.yml': LINES.join(''), 'b/tag.yml': 'tag: v1\n', 'README.md': '# it\n' };

/** A line of the text of `a/values.yml` changed. */
export function withLine(line: number, text: string, before = LINES.join('')): string {
  return before.split('\n').with(line, text).join('\n');
}

/** A GitHub to try the ports on, with the shorthands of the tests. */
export async function openStage(open: (typeof STAGES)[number]['open'], options: Partial<StageOptions> = {}) {
  const stage = await open({ files: FILES, roles: ROLES, ...options });
  const port = await stage.makeHost().open(REPOSITORY);
  const tip = async () => (await port.readDefaultTip())!.commit;
  return {
    ...stage,
    port,
    tip,
    /** A promotion as the App opens one: a commit on the tip, its branch, its pull request. */
    async propose(branch: string, path: string, content: string) {
      const base = await tip();
      const { sha } = await port.createCommit({
        baseTree: base.treeSha,
        parents: [base.sha],
        files: [{ path, content, mode: '100644' }],
        message: `Change ${path}\n\nSaid-By: nobody`,
      });
      await port.createBranch(branch, sha);
      const opened = await port.openPull({ title: `Change ${path}`, body: 'because', branch, base: 'main' });
      if ('refused' in opened) throw new Error(opened.refused);
      return { number: opened.number, sha, base };
    },
    /** Text of a file of the default branch. */
    async read(path: string) {
      return (await port.readFile(path, 'main'))?.text ?? null;
    },
  };
}

export type OpenedStage = Awaited<ReturnType<typeof openStage>>;
