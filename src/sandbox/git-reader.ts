import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { LRUCache } from 'lru-cache';
import { closeKept, keepAlive, startGit } from './kept-git.ts';

/** What a name stands for in the object database. */
export interface ObjectInfo {
  sha: string;
  type: string;
  sizeBytes: number;
}

export interface GitObject extends ObjectInfo {
  content: Buffer;
}

interface Wanted {
  content: boolean;
  resolve(found: GitObject | null): void;
  reject(error: Error): void;
}

interface Reader {
  process: ChildProcessWithoutNullStreams;
  wanted: Wanted[];
  /** Objects never change; what is not there may come, so that is not kept. */
  objects: LRUCache<string, GitObject>;
  infos: LRUCache<string, ObjectInfo>;
  /** What else was found out about immutable things, by the name of the question. */
  answers: LRUCache<string, Promise<NonNullable<unknown>>>;
}

const CACHED_BYTES = 32 * 1024 * 1024;
const LARGEST_CACHED_BYTES = 1024 * 1024;

/** One `git cat-file` for each repository that was read: a process a call would be most of the call's time. */
const readers = new Map<string, Reader>();

/**
 * The object of a name without line breaks (a SHA, a full ref, `SHA:path`, `SHA^{commit}`), or null.
 * https://git-scm.com/docs/git-cat-file#_batch_output
 */
export async function readObject(gitDir: string, name: string): Promise<GitObject | null> {
  const reader = readerOf(gitDir);
  const known = reader.objects.get(name);
  if (known) return known;
  const found = await ask(reader, name, true);
  if (found && isFixed(name) && found.sizeBytes <= LARGEST_CACHED_BYTES) reader.objects.set(name, found);
  return found;
}

/** As `readObject`, without the content. */
export async function describeObject(gitDir: string, name: string): Promise<ObjectInfo | null> {
  const reader = readerOf(gitDir);
  const known = reader.objects.get(name) ?? reader.infos.get(name);
  if (known) return known;
  const found = await ask(reader, name, false);
  if (found && isFixed(name)) {
    const { sha, type, sizeBytes } = found;
    reader.infos.set(name, { sha, type, sizeBytes });
  }
  return found;
}

/** Keeps an answer that can never change, such as the common ancestor of two commits. */
export function remembered<Answer extends NonNullable<unknown>>(
  gitDir: string,
  question: string,
  find: () => Promise<Answer>,
): Promise<Answer> {
  const { answers } = readerOf(gitDir);
  const known = answers.get(question);
  if (known) return known as Promise<Answer>;
  const answer = find();
  answers.set(question, answer);
  answer.catch(() => answers.delete(question));
  return answer;
}

/** Ends what reads repositories in the directory, and forgets what was read. */
export function closeReaders(directory: string): void {
  closeKept(directory);
  for (const [gitDir, reader] of readers) {
    if (!gitDir.startsWith(`${directory}/`)) continue;
    readers.delete(gitDir);
    reader.process.stdin.end();
  }
}

/** Names that mean the same for ever start with a full SHA. */
function isFixed(name: string): boolean {
  return /^[0-9a-f]{40}(?![0-9a-f])/.test(name);
}

function ask(reader: Reader, name: string, content: boolean): Promise<GitObject | null> {
  if (/[\n\0]/.test(name)) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    if (reader.wanted.length === 0) keepAlive(reader.process, true);
    reader.wanted.push({ content, resolve, reject });
    reader.process.stdin.write(`${content ? 'contents' : 'info'} ${name}\n`);
  });
}

function readerOf(gitDir: string): Reader {
  const known = readers.get(gitDir);
  if (known) return known;
  const process = startGit(gitDir, ['cat-file', '--batch-command']);
  const reader: Reader = {
    process,
    wanted: [],
    objects: new LRUCache({ maxSize: CACHED_BYTES, sizeCalculation: (one) => one.sizeBytes + 200 }),
    // `max` would reserve all of it at once.
    infos: new LRUCache({ maxSize: 50_000, sizeCalculation: () => 1 }),
    answers: new LRUCache({ maxSize: 2000, sizeCalculation: () => 1 }),
  };
  const end = (error: Error) => {
    if (readers.get(gitDir) === reader) readers.delete(gitDir);
    for (const { reject } of reader.wanted.splice(0)) reject(error);
  };
  readAnswers(reader);
  process.on('error', end);
  process.on('close', (code) => end(new Error(`git cat-file ended with ${code} in ${gitDir}`)));
  readers.set(gitDir, reader);
  return reader;
}

/** Gives the answers of the process, which come in the order of the questions, to who asked. */
function readAnswers(reader: Reader): void {
  let chunks: Buffer[] = [];
  let length = 0;
  let head: ObjectInfo | null = null;
  const take = (size: number): Buffer => {
    const all = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    chunks = all.length > size ? [all.subarray(size)] : [];
    length = all.length - Math.min(size, all.length);
    return all.subarray(0, size);
  };
  const next = (): boolean => {
    const [asked] = reader.wanted;
    if (!asked) return false;
    if (head === null) {
      const line = lineLength(chunks);
      if (line === null) return false;
      head = readHead(take(line).toString('utf8'));
      if (head && asked.content) return true;
      reader.wanted.shift();
      asked.resolve(head && { ...head, content: Buffer.alloc(0) });
      head = null;
      return true;
    }
    if (length < head.sizeBytes + 1) return false;
    const content = take(head.sizeBytes + 1).subarray(0, head.sizeBytes);
    reader.wanted.shift();
    asked.resolve({ ...head, content });
    head = null;
    return true;
  };
  reader.process.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    while (next());
    if (reader.wanted.length === 0) keepAlive(reader.process, false);
  });
}

/** Bytes up to and with the first line break. */
function lineLength(chunks: Buffer[]): number | null {
  let before = 0;
  for (const chunk of chunks) {
    const at = chunk.indexOf(10);
    if (at !== -1) return before + at + 1;
    before += chunk.length;
  }
  return null;
}

/** `SHA type size`; anything else (`NAME missing`, `NAME ambiguous`) is no object. */
function readHead(line: string): ObjectInfo | null {
  const match = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)\n$/.exec(line);
  if (match === null) return null;
  const [, sha = '', type = '', size = ''] = match;
  return { sha, type, sizeBytes: Number(size) };
}
