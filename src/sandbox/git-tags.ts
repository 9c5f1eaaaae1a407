import { type GitPerson, personLine } from './git-objects.ts';
import { gitText, runGit } from './run-git.ts';

/** An annotated tag: the object, not the ref that may name it. */
export interface GitTag {
  tag: string;
  object: { sha: string; type: string };
  tagger: GitPerson;
  message: string;
}

/** Writes a tag object and gives its SHA. @throws GitError when git finds it malformed. */
export async function createTag(gitDir: string, tag: GitTag): Promise<string> {
  const headers = [
    `object ${tag.object.sha}`,
    `type ${tag.object.type}`,
    `tag ${tag.tag}`,
    `tagger ${personLine(tag.tagger)}`,
  ];
  const message = tag.message.replaceAll('\0', '');
  return gitText(gitDir, ['mktag'], { input: `${headers.join('\n')}\n\n${message}\n` });
}

/** Reads a tag object. @throws GitError when there is no tag of that SHA. */
export async function readTag(gitDir: string, sha: string): Promise<GitTag> {
  const text = (await runGit(gitDir, ['cat-file', 'tag', sha])).stdout.toString('utf8');
  const end = text.indexOf('\n\n');
  const header = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(text.slice(0, end))?.[1] ?? '';
  const [, name = '', email = '', seconds = '0'] =
    /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(header('tagger')) ?? [];
  const date = new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
  return {
    tag: header('tag'),
    object: { sha: header('object'), type: header('type') },
    tagger: { name, email, date },
    message: text.slice(end + 2).replace(/\n$/, ''),
  };
}
