import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitPerson, isTreePath } from './git-objects.ts';
import { gitText, runGit } from './run-git.ts';

/** Refuses the refs that smart-http.ts lists as `ref TAB reason`; git asks it for every ref of a push. */
const UPDATE_HOOK = `#!/bin/sh
[ -s "$SANDBOX_REFUSED" ] || exit 0
while IFS='	' read -r ref reason; do
  if [ "$ref" = "$1" ]; then
    echo "error: $reason" >&2
    exit 1
  fi
done < "$SANDBOX_REFUSED"
exit 0
`;

const SETTINGS: [string, string][] = [
  ['http.receivepack', 'true'],
  ['gc.auto', '0'],
  ['receive.autogc', 'false'],
  // GitHub serves any commit that it has, and keeps refs/pull to itself.
  ['uploadpack.allowAnySHA1InWant', 'true'],
  ['receive.hideRefs', 'refs/pull'],
  ['core.logAllRefUpdates', 'false'],
];

/** Makes a bare repository that the local GitHub can serve. */
export async function initBareRepository(gitDir: string, defaultBranch: string): Promise<void> {
  await mkdir(gitDir, { recursive: true });
  await runGit(gitDir, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`]);
  const lines = SETTINGS.map(([key, value]) => {
    const [section = '', name = ''] = key.split('.');
    return `[${section}]\n\t${name} = ${value}\n`;
  });
  await writeFile(join(gitDir, 'config'), lines.join(''), { flag: 'a' });
  const hook = join(gitDir, 'hooks', 'update');
  await mkdir(join(gitDir, 'hooks'), { recursive: true });
  await writeFile(hook, UPDATE_HOOK);
  await chmod(hook, 0o755);
}

/**
 * Writes a commit of all the files to a branch in one go (`git fast-import`); gives its SHA.
 * @throws Error for a path that git cannot hold.
 */
export async function importFiles(
  gitDir: string,
  branch: string,
  files: Record<string, string | Buffer>,
  author: GitPerson,
  message: string,
): Promise<string> {
  const seconds = Math.floor(Date.parse(author.date) / 1000);
  const who = `${author.name} <${author.email}> ${seconds} +0000`;
  const parts: (string | Buffer)[] = [`commit refs/heads/${branch}\n`];
  parts.push(`author ${who}\ncommitter ${who}\n`, ...data(message));
  for (const [path, content] of Object.entries(files)) {
    if (!isTreePath(path)) throw new Error(`git cannot hold a file named ${JSON.stringify(path)}`);
    parts.push(`M 100644 inline ${quote(path)}\n`, ...data(content));
  }
  const input = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  await runGit(gitDir, ['fast-import', '--quiet', '--done'], {
    input: Buffer.concat([input, Buffer.from('done\n')]),
  });
  return gitText(gitDir, ['rev-parse', '--verify', `refs/heads/${branch}`]);
}

function data(content: string | Buffer): (string | Buffer)[] {
  const bytes = Buffer.from(content);
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

function quote(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
