import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describeObject } from './git-reader.ts';

/**
 * Writes a loose object as git does, and gives its SHA. The content is not checked.
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage
 */
export async function writeObject(
  gitDir: string,
  type: 'blob' | 'tree' | 'commit' | 'tag',
  content: Buffer,
): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const sha = createHash('sha1').update(whole).digest('hex');
  if (await describeObject(gitDir, sha)) return sha;
  const folder = join(gitDir, 'objects', sha.slice(0, 2));
  // Objects are small: a round through the thread pool for each step would take longer than the steps.
  mkdirSync(folder, { recursive: true });
  // Complete before it has its name: other processes read the repository meanwhile.
  const temporary = join(gitDir, 'objects', `tmp_obj_${randomUUID()}`);
  writeFileSync(temporary, deflateSync(whole, { level: 1 }), { mode: 0o444 });
  renameSync(temporary, join(folder, sha.slice(2)));
  return sha;
}
